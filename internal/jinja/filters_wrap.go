package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func filterWordWrap(_ *python.Thread, a []any) (any, error) {
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "splitlines")
	}
	width, err := number.IntArg(a[1])
	if err != nil {
		return nil, err
	}
	if width <= 0 {
		return nil, exception.ValueErrorf("invalid width %d (must be > 0)", width)
	}
	sep := "\n"
	if a[3] != nil {
		if sep, err = pytext.Arg(a[3]); err != nil {
			return nil, err
		}
	}
	var lines []string
	for _, line := range pytext.SplitLines(s, false) {
		lines = append(lines, strings.Join(pytext.Wrap(line, width, value.Truth(a[2]), value.Truth(a[4])), sep))
	}
	out := strings.Join(lines, sep)
	return out, python.Room(len(out))
}

// pprintWidth is the line width of pprint.
const pprintWidth = 80

func filterPprint(_ *python.Thread, a []any) (any, error) {
	if err := python.CheckSize(a[0]); err != nil {
		return nil, err
	}
	return prettyPrint(a[0], 0, 0), nil
}

// prettyPrint is Python's pprint.pformat: the repr with sorted keys, on several lines if it is too
// long for one.
func prettyPrint(v any, indent, after int) string {
	one := sortedRepr(v, 0)
	if pytext.Len(one) <= pprintWidth-indent-after {
		return one
	}
	var open, end string
	var parts []string
	switch x := v.(type) {
	case *value.List:
		open, end = "[", "]"
		parts = prettyItems(x.Values(), indent+1)
	case value.Tuple:
		open, end = "(", ")"
		if len(x) == 1 {
			end = ",)"
		}
		parts = prettyItems(x, indent+1)
	case *value.Dict:
		open, end = "{", "}"
		keys := python.DictKeys(x)
		if python.SortKeys(keys) != nil {
			keys = python.DictKeys(x)
		}
		for _, k := range keys {
			e, _ := x.GetKey(k)
			name := value.Repr(k) + ": "
			parts = append(parts, name+prettyPrint(e, indent+1+pytext.Len(name), 1))
		}
	default:
		return one
	}
	return open + strings.Join(parts, ",\n"+strings.Repeat(" ", indent+1)) + end
}

func prettyItems(items []any, indent int) []string {
	parts := make([]string, len(items))
	for i, v := range items {
		parts[i] = prettyPrint(v, indent, 1)
	}
	return parts
}

// maxPretty is the depth of nesting down to which sortedRepr sorts keys.
const maxPretty = 100

// sortedRepr is Python's repr with the keys of dicts sorted.
func sortedRepr(v any, depth int) string {
	if depth > maxPretty {
		return value.Repr(v)
	}
	join := func(items []any) string {
		parts := make([]string, len(items))
		for i, e := range items {
			parts[i] = sortedRepr(e, depth+1)
		}
		return strings.Join(parts, ", ")
	}
	switch x := v.(type) {
	case *value.List:
		return "[" + join(x.Values()) + "]"
	case value.Tuple:
		if len(x) == 1 {
			return "(" + join(x) + ",)"
		}
		return "(" + join(x) + ")"
	case *value.Dict:
		keys := python.DictKeys(x)
		if python.SortKeys(keys) != nil {
			keys = python.DictKeys(x)
		}
		parts := make([]string, len(keys))
		for i, k := range keys {
			e, _ := x.GetKey(k)
			parts[i] = value.Repr(k) + ": " + sortedRepr(e, depth+1)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return value.Repr(v)
}
