package manifest

import (
	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// Value is the node as the reference runtime has it: references followed and, inside components,
// types, fields and "$parameters" filled in. All callers get the same value and must not change it
// (Clone it).
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	if n.valued {
		return n.value
	}
	n.value, n.valued = n.makeValue(), true
	return n.value
}

func (n *Node) makeValue() any {
	switch {
	case n.Kind == Scalar:
		return n.raw.Value
	case n.mode == asIs || n.mode == resolved:
		return n.doc.plainValue(n.raw, n.mode == asIs || n.verbatim)
	}
	n.fill()
	if n.Kind == List {
		items := make([]any, len(n.children))
		for i, c := range n.children {
			items[i] = c.Value()
		}
		return value.NewList(items...)
	}
	d := value.NewDict(len(n.keys) + 1)
	for i, k := range n.keys {
		k.SetIn(d, n.children[i].Value())
	}
	if n.params != nil && len(n.params.list) > 0 {
		d.Set(parametersKey, n.params.dict(n.doc))
	}
	return d
}

// plainValue is the value of a node outside of components. verbatim: its texts are no references.
func (d *document) plainValue(r *yaml11.Node, verbatim bool) any {
	if verbatim {
		return r.Plain()
	}
	if r = d.resolve(r); r.Kind == Scalar {
		return r.Value
	}
	memo := d.note(r)
	if memo.value != nil {
		return memo.value
	}
	var out any
	if r.Kind == List {
		items := make([]any, len(r.Values))
		for i, v := range r.Values {
			items[i] = d.plainValue(v, false)
		}
		out = value.NewList(items...)
	} else {
		m := value.NewDict(len(r.Keys))
		for i, k := range r.Keys {
			k.SetIn(m, d.plainValue(r.Values[i], k.Name == overridesKey))
		}
		out = m
	}
	memo.value = out
	return out
}
