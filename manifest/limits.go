package manifest

import (
	"strconv"

	"anytap/jinja"
	"anytap/value"
)

// limits checks what a tag demands beyond the shape.
func (k *checker) limits(f *fieldPlan, n *Node) {
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
	v, ok := asNumber(n.raw.value)
	switch {
	case !ok:
	case f.min != nil && v < *f.min:
		k.fail(n, "expected at least %s, found %s", short(*f.min), value.Str(n.raw.value))
	case f.above != nil && v <= *f.above:
		k.fail(n, "expected more than %s, found %s", short(*f.above), value.Str(n.raw.value))
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

// template compiles a field's templates only to say what is wrong with them.
func (k *checker) template(f *fieldPlan, n, owner *Node) {
	if !isTemplate(f.typ) {
		return
	}
	var try func(n *Node)
	try = func(n *Node) {
		if n.Kind == Scalar {
			if text, ok := n.Text(); ok {
				if _, err := jinja.CompileString(text, owner.Parameters()); err != nil {
					k.warn(n, "%s", err.Error())
					k.problems[len(k.problems)-1] = templateProblem(n, err)
				}
			}
			return
		}
		n.expand()
		for _, c := range n.children {
			try(c)
		}
	}
	try(n)
}
