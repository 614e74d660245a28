package manifest

import (
	"slices"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// params are the $parameters in force at some place. They do not change once made.
type params struct {
	list  []param
	value *value.Dict
}

type param struct {
	key      yaml11.Key
	raw      *yaml11.Node // with its own reference followed
	verbatim bool         // no text in it is a reference
}

func (p *params) find(k yaml11.Key) int {
	for i := range p.list {
		if p.list[i].key.Equal(k) {
			return i
		}
	}
	return -1
}

func (p *params) without(i int) *params {
	return &params{list: slices.Delete(slices.Clone(p.list), i, i+1)}
}

func (p *params) with(q param) *params {
	return &params{list: append(slices.Clip(p.list), q)}
}

func (p *params) dict(d *document) *value.Dict {
	if p.value == nil {
		p.value = value.NewDict(len(p.list))
		for _, q := range p.list {
			q.key.SetIn(p.value, d.plainValue(q.raw, q.verbatim))
		}
	}
	return p.value
}

// over gives base with top's entries over it; the order is that of Python's {**base, **top}.
func over(base, top *params) *params {
	switch {
	case len(base.list) == 0:
		return top
	case len(top.list) == 0:
		return base
	}
	out := &params{list: slices.Clone(base.list)}
	for _, q := range top.list {
		if i := out.find(q.key); i >= 0 {
			out.list[i].raw, out.list[i].verbatim = q.raw, q.verbatim
		} else {
			out.list = append(out.list, q)
		}
	}
	return out
}

// expand makes the node's members.
func (n *Node) expand() {
	if n.expanded {
		return
	}
	n.expanded = true
	if n.Kind == Scalar {
		return
	}
	if n.doc.made += len(n.raw.Values); n.doc.made > maxUnfolded {
		n.doc.overflow = true
		return
	}
	if n.Kind == List {
		n.expandList()
		return
	}
	if n.mode == component {
		n.propagate()
		return
	}
	n.keys = n.raw.Keys
	n.makeChildren(n.raw.Values, n.mode)
}

// makeChildren makes members of one mode; those of a component are changed afterwards.
func (n *Node) makeChildren(vals []*yaml11.Node, m mode) {
	slab := make([]Node, len(vals))
	n.children = make([]*Node, len(vals))
	for i, v := range vals {
		name := ""
		if n.Kind == Map {
			name = n.keys[i].Text()
		}
		n.doc.setNode(&slab[i], n, name, i, v, m)
		n.children[i] = &slab[i]
	}
}

// expandList hands what a component's field hands to its elements: maps are components, nested lists are not.
func (n *Node) expandList() {
	m := n.mode
	if m == component {
		m = resolved
	}
	n.makeChildren(n.raw.Values, m)
	if n.mode != component {
		return
	}
	for _, c := range n.children {
		if c.Kind == Map {
			c.become(n.field, n.inherited, n.useParent)
		}
	}
}

func (n *Node) become(field string, inherited *params, useParent bool) {
	n.mode, n.field, n.inherited, n.useParent = component, field, inherited, useParent
}

// propagate does for one component what the reference runtime does with all of them before it builds any: it fills
// in a type that is left out, gives the component the parameters that it lacks as fields, and hands the parameters
// on to its children.
func (n *Node) propagate() {
	keys, vals, own := n.ownMembers()
	current := n.inherited
	if current == nil {
		current = new(params)
	}
	if n.useParent {
		current = over(own, current)
	} else {
		current = over(current, own)
	}
	n.keys, n.children = keys, nil
	n.makeChildren(vals, resolved)
	typ := n.member("type")
	switch {
	case typ != nil && (typ.Kind != Scalar || typ.raw.Value == "object"):
		return // a JSON schema or a map of its properties
	case typ == nil:
		n.propagateNested(current)
		return
	}
	n.apply(current)
	n.params = n.handDown(current)
}

// ownMembers gives the members of the map without $parameters, which come apart, and with a type when it can be told.
func (n *Node) ownMembers() (keys []yaml11.Key, vals []*yaml11.Node, own *params) {
	own = new(params)
	keys = make([]yaml11.Key, 0, len(n.raw.Keys)+4)
	vals = make([]*yaml11.Node, 0, len(n.raw.Keys)+4)
	for i, k := range n.raw.Keys {
		if k.IsOther || k.Name != parametersKey {
			keys = append(keys, k)
			vals = append(vals, n.raw.Values[i])
			continue
		}
		p := n.raw.Values[i]
		if !n.verbatim {
			p = n.doc.resolve(p)
		}
		if p.Kind != Map {
			n.bad = "$parameters must be a map, but a " + p.Describe() + " stands here"
			continue
		}
		for j, pk := range p.Keys {
			v, verbatim := p.Values[j], n.verbatim || pk.Name == overridesKey
			if !verbatim {
				v = n.doc.resolve(v)
			}
			own.list = append(own.list, param{pk, v, verbatim})
		}
	}
	if n.raw.Get("type") == nil {
		table := defaultTypes
		if n.raw.Get("class_name") != nil {
			table = customTypes
		}
		if t := table[n.field]; t != "" {
			keys = append(keys, yaml11.Key{Name: "type", Line: n.raw.Line, Col: n.raw.Col})
			vals = append(vals, textAt(n.raw, t))
		}
	}
	return keys, vals, own
}

// member is Get for a node whose members are being made, so that no index can be kept.
func (n *Node) member(name string) *Node {
	for i, k := range n.keys {
		if !k.IsOther && k.Name == name {
			return n.children[i]
		}
	}
	return nil
}

// propagateNested handles a map without a type, such as request parameters: members with a type are components.
func (n *Node) propagateNested(current *params) {
	for _, c := range n.children {
		if c.Kind != Map {
			continue
		}
		if t := c.raw.Get("type"); t != nil && c.truth(t) {
			c.become(n.field, current, n.useParent)
		}
	}
}

func (n *Node) truth(r *yaml11.Node) bool {
	if !n.verbatim {
		r = n.doc.resolve(r)
	}
	return truth(r)
}

// truth is Python's truth of a node.
func truth(r *yaml11.Node) bool {
	if r.Kind != Scalar {
		return len(r.Values) > 0
	}
	return value.Truth(r.Value)
}

// apply gives the component the parameters as fields where it has none, or one that Python takes for false.
func (n *Node) apply(current *params) {
	for _, p := range current.list {
		i := slices.IndexFunc(n.keys, p.key.Equal)
		if i >= 0 && truth(n.children[i].raw) {
			continue
		}
		c := n.doc.newNode(n, p.key.Text(), 0, p.raw, resolved)
		c.applied, c.verbatim = true, p.verbatim
		c.setRaw(p.raw)
		if i >= 0 {
			n.children[i] = c
			continue
		}
		n.keys = append(n.keys, p.key)
		n.children = append(n.children, c)
	}
}

// handDown makes the members that are maps, and the maps in members that are lists, components with the current
// parameters but the one of the member's own name, and returns the parameters that are left for the component
// itself: each one so passed over moves to the end, or is lost when it is empty.
func (n *Node) handDown(current *params) *params {
	typ := value.Str(n.member("type").raw.Value)
	for i, c := range n.children {
		if c.Kind == Scalar {
			continue
		}
		at := current.find(n.keys[i])
		if at < 0 {
			c.become(typ+"."+n.keys[i].Text(), current, n.useParent)
			continue
		}
		excluded := current.list[at]
		current = current.without(at)
		c.become(typ+"."+n.keys[i].Text(), current, n.useParent)
		own := c.applied || c.raw == excluded.raw && n.doc.note(c.raw).shared
		if c.Kind == List && own && slices.ContainsFunc(c.raw.Values, c.isMap) {
			// The parameter's list is the very one whose elements became components.
			v := n.doc.fromValue(c.Value(), c.raw)
			n.doc.made += n.doc.markVerbatim(v)
			n.doc.note(v).value = c.Value()
			excluded.raw = v
		}
		if truth(excluded.raw) {
			current = current.with(excluded)
		}
	}
	return current
}

func (n *Node) isMap(r *yaml11.Node) bool {
	if !n.verbatim {
		r = n.doc.resolve(r)
	}
	return r.Kind == Map
}
