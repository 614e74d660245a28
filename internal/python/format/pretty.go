package format

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// prettyWidth is the line width of Pretty.
const prettyWidth = 80

// Pretty is Python's pprint.pformat: the repr with sorted keys, on several lines if it is too long
// for one.
func Pretty(th *python.Thread, v any) (any, error) {
	if err := th.Weigh(v); err != nil {
		return nil, err
	}
	p := &pretty{th: th}
	s := p.print(v, 0, 0)
	return s, p.err
}

// pretty is one call of Pretty. Each level of a value copies the text of those below it, which is
// work that counts.
type pretty struct {
	th  *python.Thread
	err error
}

// made counts a text that was made. It gives an empty text instead of one that is too much.
func (p *pretty) made(s string) string {
	if p.err == nil {
		p.err = p.th.Step(1 + len(s)/32)
	}
	if p.err != nil {
		return ""
	}
	return s
}

// print gives the repr on several lines if it is too long for one.
func (p *pretty) print(v any, indent, after int) string {
	one := p.line(v, 0)
	if p.err != nil || pytext.Len(one) <= prettyWidth-indent-after {
		return one
	}
	var open, end string
	var parts []string
	switch x := v.(type) {
	case *value.List:
		open, end = "[", "]"
		parts = p.items(x.Values(), indent+1)
	case value.Tuple:
		open, end = "(", ")"
		if len(x) == 1 {
			end = ",)"
		}
		parts = p.items(x, indent+1)
	case *value.Dict:
		open, end = "{", "}"
		for _, k := range p.keys(x) {
			e, _ := x.GetKey(k)
			name := value.Repr(k) + ": "
			parts = append(parts, name+p.print(e, indent+1+pytext.Len(name), 1))
		}
	default:
		return one
	}
	if p.err == nil {
		p.err = python.Room(len(parts) * (indent + 1))
	}
	if p.err != nil {
		return ""
	}
	return p.made(open + strings.Join(parts, ",\n"+strings.Repeat(" ", indent+1)) + end)
}

func (p *pretty) items(items []any, indent int) []string {
	parts := make([]string, len(items))
	for i, v := range items {
		parts[i] = p.print(v, indent, 1)
	}
	return parts
}

// keys gives the keys of a dict, sorted if they have an order.
func (p *pretty) keys(d *value.Dict) []any {
	keys := python.DictKeys(d)
	if python.SortKeys(p.th, keys) != nil {
		keys = python.DictKeys(d)
	}
	return keys
}

// maxPretty is the depth of nesting down to which line sorts keys.
const maxPretty = 100

// line is Python's repr with the keys of dicts sorted.
func (p *pretty) line(v any, depth int) string {
	switch {
	case p.err != nil:
		return ""
	case depth > maxPretty:
		return p.made(value.Repr(v))
	}
	join := func(items []any) string {
		parts := make([]string, len(items))
		for i, e := range items {
			parts[i] = p.line(e, depth+1)
		}
		return strings.Join(parts, ", ")
	}
	switch x := v.(type) {
	case *value.List:
		return p.made("[" + join(x.Values()) + "]")
	case value.Tuple:
		if len(x) == 1 {
			return p.made("(" + join(x) + ",)")
		}
		return p.made("(" + join(x) + ")")
	case *value.Dict:
		keys := p.keys(x)
		parts := make([]string, len(keys))
		for i, k := range keys {
			e, _ := x.GetKey(k)
			parts[i] = value.Repr(k) + ": " + p.line(e, depth+1)
		}
		return p.made("{" + strings.Join(parts, ", ") + "}")
	}
	return p.made(value.Repr(v))
}
