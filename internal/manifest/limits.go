package manifest

import (
	"reflect"
	"strconv"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// limits checks what a tag demands besides the shape.
func (k *checker) limits(f *field, n *Node) {
	if n.Kind == List {
		items := n.Items()
		if len(items) < f.minItems {
			k.fail(n, "expected at least %d elements, found %d", f.minItems, len(items))
		}
		if f.unique && repeats(items) {
			k.fail(n, "the elements must differ from each other")
		}
		return
	}
	v, ok := asNumber(n.raw.Value)
	switch {
	case !ok:
	case f.min != nil && v < *f.min:
		k.fail(n, "expected at least %s, found %s", short(*f.min), value.Str(n.raw.Value))
	case f.above != nil && v <= *f.above:
		k.fail(n, "expected more than %s, found %s", short(*f.above), value.Str(n.raw.Value))
	}
}

func short(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func repeats(items []*Node) bool {
	for i, a := range items {
		for _, b := range items[:i] {
			if value.Equal(a.Value(), b.Value()) {
				return true
			}
		}
	}
	return false
}

// templates compiles a field's templates to find their mistakes. In a field whose text the builder
// reads itself (of type any or *Node), only what looks like a template counts.
func (k *checker) templates(f *field, n, owner *Node) {
	all := isTemplate(f.typ)
	if !all && f.typ != reflect.TypeFor[any]() && (f.typ != reflect.TypeFor[*Node]() || !strings.Contains(f.notation, "string")) {
		return
	}
	k.templatesIn(n, owner, all)
}

func (k *checker) templatesIn(n, owner *Node, all bool) {
	if n.Kind != Scalar {
		if n.Kind == Map && n.Type() != "" && !all {
			return // a component: its own definition speaks of its templates
		}
		n.fill()
		for _, c := range n.children {
			k.templatesIn(c, owner, all)
		}
		return
	}
	text, ok := n.Text()
	if !ok || !strings.Contains(text, "{{") && !strings.Contains(text, "{%") && !strings.Contains(text, "{#") {
		return
	}
	if _, err := jinja.CompileString(text, owner.Parameters()); err != nil {
		p := templateProblem(n, err)
		p.Warning, p.Msg = false, strings.TrimSuffix(p.Msg, ".")+" in "+yaml11.Quote(text)
		k.problems = append(k.problems, p)
	}
}
