package signs

import (
	"fmt"
	"strings"

	"anytap/internal/value"
)

// List is a list of objects somewhere in an answer.
type List struct {
	Path []string
	Len  int
}

// mostLists is how many lists are looked for.
const mostLists = 16

// Lists finds the lists of objects in a body, those near its root first; for an answer that has no
// records where they are expected.
func Lists(body any) []List {
	var found []List
	level := []node{{v: body}}
	for depth := 0; depth < mostLevels && len(level) > 0 && len(found) < mostLists; depth++ {
		var below []node
		for _, at := range level {
			d, ok := at.v.(*value.Dict)
			if !ok || d.Len() > mostMembers {
				continue
			}
			for name, v := range d.All() {
				path := at.with(name)
				switch v := v.(type) {
				case *value.List:
					if _, objects := firstOf(v).(*value.Dict); objects {
						found = append(found, List{path, v.Len()})
					}
				case *value.Dict:
					below = append(below, node{path, v})
				}
			}
		}
		level = below
	}
	return found
}

type node struct {
	path []string
	v    any
}

func (f node) with(name string) []string { return at(f.path, name) }

func firstOf(l *value.List) any {
	if l.Len() == 0 {
		return nil
	}
	return l.At(0)
}

// Held says in short what a body holds: its members' names, with the number of elements of lists
// and the names inside of small objects.
func Held(body any) string {
	switch v := body.(type) {
	case *value.Dict:
		if v.Len() == 0 {
			return "an empty object"
		}
		return names(v, 0)
	case *value.List:
		return fmt.Sprintf("a list of %d", v.Len())
	case nil:
		return "null"
	}
	return "only " + value.Repr(body)
}

// mostShown is how many names are shown of an object.
const mostShown = 12

func names(d *value.Dict, depth int) string {
	var parts []string
	n := 0
	for name, v := range d.All() {
		if n++; n > mostShown {
			parts = append(parts, "…")
			break
		}
		if runes := []rune(name); len(runes) > 40 {
			name = string(runes[:40]) + "…"
		}
		switch v := v.(type) {
		case *value.List:
			name += fmt.Sprintf(" (a list of %d)", v.Len())
		case *value.Dict:
			if depth == 0 && v.Len() > 0 && v.Len() <= mostShown {
				name += " {" + names(v, depth+1) + "}"
			}
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}
