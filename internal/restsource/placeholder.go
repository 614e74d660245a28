package restsource

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"anytap/internal/value"
)

// textPart is a part of a text: literal, or what stands in braces.
type textPart struct {
	text    string
	field   *parentField
	isValue bool
}

func (t *textPart) literal() bool { return t.field == nil && !t.isValue }

// braces match what a text may hold for the values of a partition.
var braces = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{([A-Za-z_][^{}.\s]*(?:\.[^{}]+)?)\}`)
})

// parts takes a text apart. Braces that name neither value nor a parent stand for themselves,
// unless they are in a path, where they are a mistake.
func (p *partitions) parts(text string, inPath bool) ([]textPart, error) {
	var parts []textPart
	at := 0
	for _, m := range braces().FindAllStringSubmatchIndex(text, -1) {
		part, err := p.part(text[m[2]:m[3]], inPath)
		if err != nil {
			return nil, fmt.Errorf("holds %s, %w", text[m[0]:m[1]], err)
		}
		if part == nil {
			continue
		}
		if m[0] > at {
			parts = append(parts, textPart{text: text[at:m[0]]})
		}
		part.text = text[m[0]:m[1]]
		parts, at = append(parts, *part), m[1]
	}
	if at < len(text) {
		parts = append(parts, textPart{text: text[at:]})
	}
	return parts, nil
}

// part reads what stands in braces; nil: it stands for itself.
func (p *partitions) part(inner string, inPath bool) (*textPart, error) {
	first, rest, dotted := strings.Cut(inner, ".")
	switch {
	case !dotted && first == "value" && p.values != nil:
		return &textPart{isValue: true}, nil
	case dotted && first == "parent" && p.parent == nil:
		return nil, fmt.Errorf("but the stream has no parent: write parent: NAME, the stream that it belongs to")
	case dotted && (first == "parent" || slices.Contains(p.names, first)):
		path, err := value.ParsePath(rest)
		if err != nil {
			return nil, fmt.Errorf("whose path %w", err)
		}
		names := path.Names()
		if first != "parent" {
			names = append(up(slices.Index(p.names, first)), names...)
		}
		field := p.newField(names)
		return &textPart{field: &field}, nil
	case !inPath:
		return nil, nil
	case p.parent != nil:
		return nil, fmt.Errorf("expected {parent.%s} for a field of %q%s", inner, p.names[0], p.orValue())
	}
	return nil, fmt.Errorf("expected {parent.%s} with parent: NAME for a field of another stream%s", inner, p.orValue())
}

func (p *partitions) orValue() string {
	if p.values == nil {
		return ", or {value} with values: [...]"
	}
	return ", or {value}"
}

// up are the segments that lead so many parents up.
func up(generations int) []string { return slices.Repeat([]string{"parent"}, generations) }

// fieldOf is the field of the parent at a path that may begin with the name of an ancestor.
func (p *partitions) fieldOf(path value.Path) parentField {
	names := path.Names()
	if i := slices.Index(p.names, names[0]); i > 0 && len(names) > 1 {
		names = append(up(i), names[1:]...)
	}
	return p.newField(names)
}

// expression is the template expression of a part.
func (p *partitions) expression(part *textPart) string {
	switch {
	case part.isValue:
		return "stream_slice[" + value.Repr(valueField) + "]"
	case part.field == nil:
		return value.Repr(part.text)
	}
	return p.fieldExpression(part.field.name)
}

// fieldExpression is the template expression of a field of the parent.
func (p *partitions) fieldExpression(name string) string {
	for _, f := range p.fields {
		if f.name == name && f.identity {
			return "stream_slice[" + value.Repr(parentPrefix+name) + "]"
		}
	}
	return "stream_slice.extra_fields[" + value.Repr(name) + "]"
}

// filled is the template expression of a text with the values of the partition in it; ok is false
// if it holds none.
func (p *partitions) filled(text string) (expression string, ok bool) {
	parts, err := p.parts(text, false)
	if err != nil || !slices.ContainsFunc(parts, func(t textPart) bool { return !t.literal() }) {
		return "", false
	}
	var all []string
	for i := range parts {
		all = append(all, p.expression(&parts[i]))
	}
	if len(all) == 1 {
		return all[0], true
	}
	return strings.Join(all, " ~ "), true
}

// path is the template of a path: what it is filled with is percent-encoded, so that it stays one
// segment. A path that is nothing but a field of the parent stands for itself, as it may be a whole
// address. separator goes before a query. ok is false if the path holds no values of the partition.
func (p *partitions) path(text string) (template, separator string, ok bool) {
	expression, ok := p.filled(text)
	if !ok {
		return "", "", false
	}
	parts, _ := p.parts(text, true)
	if len(parts) == 1 {
		return "{{ " + expression + " }}", "{{ '&' if '?' in " + expression + " else '?' }}", true
	}
	var b strings.Builder
	if !parts[0].literal() {
		b.WriteByte('/')
	}
	for i := range parts {
		if part := &parts[i]; part.literal() {
			b.WriteString(verbatim(part.text))
		} else {
			b.WriteString("{{ (" + p.expression(part) + " ~ '')|urlencode|replace('/', '%2F') }}")
		}
	}
	return b.String(), "", true
}
