package selector

import (
	"anytap/internal/jinja"
	"anytap/internal/rest"
)

// touched is how many members of a record the filter and the transformations look at or set, each counted once; many: all of them.
// A record of which more than a few are touched is opened once instead of being searched for each.
type touched struct {
	byFilter, byChanges int
	changes             bool // there are transformations
}

const many = 1000

// opening says when a record is opened.
type opening uint8

const (
	never      opening = iota // only when something needs it
	oncePassed                // when the filter has let it pass
	atOnce
)

// fewLooks is how many members may be searched for in the text of a record at the price of opening it.
const fewLooks = 2

// toucher is a transformation that knows which members of a record it looks at or sets.
type toucher interface {
	// Touches names the members; all: it may be any.
	Touches() (names []string, all bool)
}

// touchedBy counts what the templates of a filter and of transformations touch.
func touchedBy(filter *recordFilter, changes []rest.Transformer) touched {
	t := touched{changes: len(changes) > 0}
	names := map[string]bool{}
	if filter != nil {
		t.byFilter = count(names, filter.condition)
	}
	for _, change := range changes {
		c, ok := change.(toucher)
		if !ok {
			t.byChanges = many
			break
		}
		more, all := c.Touches()
		if all {
			t.byChanges = many
			break
		}
		for _, name := range more {
			names[name] = true
		}
		t.byChanges = len(names)
	}
	return t
}

// count adds the members of the record that a condition reads.
func count(names map[string]bool, condition *jinja.Bool) int {
	for _, path := range condition.Paths() {
		if path[0] != "record" {
			continue
		}
		if len(path) == 1 {
			return many
		}
		names[path[1]] = true
	}
	return len(names)
}

// opening says when records are to be opened; to cast one that was changed takes all of its members.
func (t touched) opening(cast bool) opening {
	switch {
	case t.byFilter > fewLooks, t.changes && t.byFilter == fewLooks && (cast || t.byChanges > fewLooks):
		return atOnce
	case t.changes && (cast || t.byChanges > fewLooks):
		return oncePassed
	}
	return never
}
