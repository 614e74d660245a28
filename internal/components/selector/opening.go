package selector

import (
	"anytap/internal/components/contract"
	"anytap/internal/jinja"
)

// touched counts the members of a record that the filter and the transformations read or set.
//
// A member can be searched for in a record's text, or the record be opened, which finds all members
// in one pass. Opening pays where more than a few are needed.
type touched struct {
	byFilter     int
	byTransforms int  // by the filter or the transformations
	transforms   bool // there are transformations
}

// many stands for any number of members.
const many = 1000

// opening says when a record is opened.
type opening uint8

const (
	never      opening = iota // unless something needs all members
	oncePassed                // after the filter let it pass
	atOnce
)

// fewLooks is how many searches for a member cost as much as opening the record.
const fewLooks = 2

// touchedBy counts what a filter, which may be nil, and transformations touch.
func touchedBy(filter *recordFilter, transformations []contract.Transformer) touched {
	t := touched{transforms: len(transformations) > 0}
	names := map[string]bool{}
	if filter != nil {
		t.byFilter = count(names, filter.condition)
	}
	for _, transformation := range transformations {
		more, all := transformation.Touches()
		if all {
			t.byTransforms = many
			break
		}
		for _, name := range more {
			names[name] = true
		}
		t.byTransforms = len(names)
	}
	return t
}

// count adds the members of the record that a condition reads to names, and counts those.
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

// opening says when to open a record. To cast one that was changed, all of its members are needed.
func (t touched) opening(cast bool) opening {
	switch {
	case t.byFilter > fewLooks, t.transforms && t.byFilter == fewLooks && (cast || t.byTransforms > fewLooks):
		return atOnce
	case t.transforms && (cast || t.byTransforms > fewLooks):
		return oncePassed
	}
	return never
}
