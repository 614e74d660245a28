package manifest

import (
	"slices"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// expand makes the node's members.
func (n *Node) expand() {
	if n.expanded {
		return
	}
	n.expanded = true
	if n.Kind == Scalar {
		return
	}
	if !n.doc.count(len(n.raw.Values)) {
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

// makeChildren makes the members, all of one mode. handDown and apply change those of a component
// afterwards.
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

// expandList hands down to a list's elements what was handed to the list. Of a component's list,
// the elements that are maps are components, those that are lists are not.
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

// become makes n a component that is the value of a field ("ParentType.field").
func (n *Node) become(field string, inherited *params, useParent bool) {
	n.mode, n.field, n.inherited, n.useParent = component, field, inherited, useParent
}

// propagate does for one component what the reference runtime does for all before it builds any: it
// fills in an omitted type, gives the component its parameters as fields where it lacks them, and
// hands the parameters down to its children.
func (n *Node) propagate() {
	keys, vals, own := n.ownMembers()
	current := n.inherited
	if current == nil {
		current = new(params)
	}
	if n.useParent {
		current = n.doc.over(own, current)
	} else {
		current = n.doc.over(current, own)
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

// ownMembers gives the members of the map, with the type when it was omitted and is known, and
// apart from them the component's own $parameters.
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
			n.fault = "$parameters must be a map, but a " + p.Describe() + " stands here"
			continue
		}
		own = n.doc.ownParams(p, n.verbatim)
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

// propagateNested is for a map without a type, such as request parameters. Its members with a type
// are components.
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

// truth is the truth of a member.
func (n *Node) truth(r *yaml11.Node) bool {
	if !n.verbatim {
		r = n.doc.resolve(r)
	}
	return truth(r)
}

// truth is Python's bool() of a node.
func truth(r *yaml11.Node) bool {
	if r.Kind != Scalar {
		return len(r.Values) > 0
	}
	return value.Truth(r.Value)
}

// apply adds the parameters as fields, where the component has none of the name or one that Python
// takes for false. Scalars that it adds are made when they are asked for (late, fill), since most
// components have a field of none of them.
func (n *Node) apply(current *params) {
	if len(current.list) == 0 {
		return
	}
	n.given, n.own = current, len(n.keys)
	current.prepare()
	var has []int // places in current.list
	for i, k := range n.keys {
		if at := current.find(k); at >= 0 {
			has = append(has, at)
			if !truth(n.children[i].raw) {
				n.children[i] = n.newApplied(current.list[at])
			}
		}
	}
	for _, at := range current.nested {
		if p := current.list[at]; !slices.Contains(has, at) && n.doc.count(1) {
			n.keys = append(n.keys, p.key)
			n.children = append(n.children, n.newApplied(p))
		}
	}
}

func (n *Node) newApplied(p param) *Node {
	c := n.doc.newNode(n, p.key.Text(), 0, p.raw, resolved)
	c.applied, c.verbatim = true, p.verbatim
	c.setRaw(p.raw)
	return c
}

// late makes the member that a scalar parameter of this name adds; nil: there is none.
func (n *Node) late(name string) *Node {
	if n.given == nil {
		return nil
	}
	at := n.given.find(yaml11.Key{Name: name})
	if at < 0 || n.given.list[at].raw.Kind != Scalar {
		return nil
	}
	c := n.lates[at]
	if c == nil {
		n.doc.count(1)
		if c = n.newApplied(n.given.list[at]); n.lates == nil {
			n.lates = map[int]*Node{}
		}
		n.lates[at] = c
	}
	return c
}

// fill makes all members that parameters add, in the order of the parameters.
func (n *Node) fill() {
	n.expand()
	if n.given == nil {
		return
	}
	current, nested, nestedKeys := n.given, n.children[n.own:], n.keys[n.own:]
	has := map[int]bool{}
	for _, k := range n.keys[:n.own] {
		has[current.find(k)] = true
	}
	keys, children := slices.Clone(n.keys[:n.own]), slices.Clone(n.children[:n.own])
	for at, p := range current.list {
		switch {
		case has[at]:
		case p.raw.Kind != Scalar:
			if len(nested) > 0 && nestedKeys[0].Equal(p.key) {
				keys, children = append(keys, p.key), append(children, nested[0])
				nested, nestedKeys = nested[1:], nestedKeys[1:]
			}
		case p.key.IsOther:
			n.doc.count(1)
			keys, children = append(keys, p.key), append(children, n.newApplied(p))
		default:
			keys, children = append(keys, p.key), append(children, n.late(p.key.Name))
		}
	}
	n.keys, n.children, n.given, n.lates, n.index = keys, children, nil, nil, nil
}

// handDown makes components of the members that are maps, and of the maps in members that are
// lists. They get the current parameters without the one of the member's own name. It returns the
// parameters of the component itself: each one that was left out for a member is now the last, or
// is gone when it is empty.
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
		n.doc.copied(current)
		c.become(typ+"."+n.keys[i].Text(), current, n.useParent)
		own := c.applied || c.raw == excluded.raw && n.doc.note(c.raw).shared
		if c.Kind == List && own && slices.ContainsFunc(c.raw.Values, c.isMap) {
			// The parameter is the same list, so its elements have become components too.
			v := n.doc.fromValue(c.Value(), c.raw)
			n.doc.unfolded += n.doc.markVerbatim(v)
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
