package restsource

import (
	"fmt"

	"anytap/internal/value"
)

// Where the answer or a record holds something is said by paths (see value.Path). Every setting
// that is one is read by pathOf.

// pathOf reads a member that is a path; the path is empty if there is none.
func pathOf(d *value.Dict, key string) (value.Path, error) {
	v := value.Member[any](d, key)
	if v == nil {
		return value.Path{}, nil
	}
	p, err := value.PathOf(v)
	if err != nil {
		return p, fmt.Errorf("%s %w", key, err)
	}
	return p, nil
}

// recordsPath reads records_path. whole says that it is an empty list: the answer itself is the
// list of records, or the only one.
func recordsPath(s *value.Dict) (p value.Path, whole bool, err error) {
	if l := value.Member[*value.List](s, "records_path"); l != nil && l.Len() == 0 {
		return p, true, nil
	}
	p, err = pathOf(s, "records_path")
	return p, false, err
}

// lookUp returns the template expression of what stands at a path in the answer. It is undefined if
// nothing does.
func lookUp(p value.Path) string { return lookUpIn("response", p) }

// lookUpIn is lookUp in the value of an expression.
func lookUpIn(root string, p value.Path) string {
	readings := p.Readings()
	expression := memberAt(root, readings[len(readings)-1])
	for i := len(readings) - 2; i >= 0; i-- {
		long := memberAt(root, readings[i])
		expression = "(" + long + " if " + long + " is defined else " + expression + ")"
	}
	return expression
}

// memberAt returns the expression of one way to read a path. A whole number is an index, unless an
// object stands there that has it as a name.
func memberAt(root string, names []string) string {
	expression := root
	for i, name := range names {
		holder := expression
		if i > 0 {
			holder = "(" + expression + " or {})"
		}
		expression = holder + "[" + value.Repr(name) + "]"
		if value.IsIndex(name) {
			expression = "(" + expression + " if " + expression + " is defined else " + holder + "[" + name + "])"
		}
	}
	return expression
}

// fieldPath returns the segments of a path for a field_path, each for itself.
func fieldPath(p value.Path) *value.List {
	l := value.NewList()
	for _, name := range p.Names() {
		if !value.IsIndex(name) {
			name = exact(name)
		}
		l.Append(name)
	}
	return l
}

// plainPath returns a path in the form in which it was written: a text, if its dots may belong to
// names, or else its segments.
func plainPath(p value.Path) any {
	if len(p.Readings()) > 1 {
		return p.String()
	}
	return value.FromGo(p.Names())
}

// pathValue is plainPath where texts are templates.
func pathValue(p value.Path) any {
	if text, ok := plainPath(p).(string); ok {
		return exact(text)
	}
	return exactTexts(p.Names())
}
