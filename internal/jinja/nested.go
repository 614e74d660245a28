package jinja

import (
	"anytap/internal/python"
	"anytap/internal/value"
)

// Nested is a nested value all of whose texts are templates, the CDK's InterpolatedNestedMapping.
type Nested struct {
	source *source   // of a text
	keys   []*Nested // of a dict
	items  []*Nested // values of a dict, elements of a list
	isDict bool
	isList bool
	val    any // the value itself, for anything else
}

// maxNested limits the depth of a Nested.
const maxNested = 1000

// CompileNested compiles every text in v, including keys. params are the component's $parameters.
// For the error see CompileString.
func CompileNested(v any, params *value.Dict) (*Nested, error) {
	return compileNested(v, params, 0)
}

func compileNested(v any, params *value.Dict, depth int) (*Nested, error) {
	n := &Nested{val: v}
	if depth > maxNested {
		return n, &SyntaxError{Msg: "value is nested too deeply"}
	}
	var first error
	add := func(list *[]*Nested, v any) {
		c, err := compileNested(v, params, depth+1)
		if first == nil {
			first = err
		}
		*list = append(*list, c)
	}
	switch v := v.(type) {
	case string:
		s, err := newSource(v, params, true)
		n.source, first = &s, err
	case *value.Dict:
		n.isDict = true
		for k, x := range v.AllKeys() {
			add(&n.keys, k)
			add(&n.items, x)
		}
	case *value.List:
		n.isList = true
		for _, x := range v.All() {
			add(&n.items, x)
		}
	}
	return n, first
}

// Eval evaluates all templates. It omits members of dicts whose value is None, empty or undefined.
// A value stays text if its Python type is not in valid; without valid, every type is valid.
func (t *Nested) Eval(e *Env, valid ...string) (any, error) {
	switch {
	case t.source != nil:
		return t.source.orNone(e, valid)
	case t.isDict:
		return t.dict(e, valid)
	case t.isList:
		l := value.NewList()
		for _, item := range t.items {
			v, err := item.Eval(e, valid...)
			if err != nil {
				return nil, err
			}
			l.Append(v)
		}
		return l, nil
	}
	return t.val, nil
}

func (t *Nested) dict(e *Env, valid []string) (any, error) {
	all := value.NewDict(len(t.keys))
	for i, key := range t.keys {
		k, err := key.Eval(e, valid...)
		if err != nil {
			return nil, err
		}
		v, err := t.items[i].Eval(e, valid...)
		if err != nil {
			return nil, err
		}
		if err := python.SetItem(new(python.Thread), all, k, v); err != nil {
			return nil, err
		}
	}
	d := value.NewDict(all.Len())
	for k, v := range all.AllKeys() {
		if v != nil {
			d.SetKey(k, v)
		}
	}
	return d, nil
}

// Roots lists the variables that the templates read, as String.Roots does.
func (t *Nested) Roots() []string {
	var all []string
	t.each(func(s *source) { all = appendNew(all, s.Roots()) })
	return all
}

// Paths lists what the templates read of their variables, as String.Paths does.
func (t *Nested) Paths() [][]string {
	var all [][]string
	t.each(func(s *source) { all = append(all, s.Paths()...) })
	return all
}

func (t *Nested) each(f func(*source)) {
	if t.source != nil {
		f(t.source)
	}
	for _, k := range t.keys {
		k.each(f)
	}
	for _, i := range t.items {
		i.each(f)
	}
}
