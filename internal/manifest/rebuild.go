package manifest

import "anytap/internal/manifest/yaml11"

// Rebuild makes a component of a value that was made from n's own, as components resolvers do. v
// has no references. Its types are filled in and its parameters handed down once more. With
// useParentParameters, those of parents win over a component's own. Members that n has too keep
// their positions. name is the new node's path.
func (n *Node) Rebuild(name string, v any, useParentParameters bool) *Node {
	like := n.doc.locate(n)
	d := &document{file: n.doc.file, data: n.doc.data, generated: true}
	d.root = d.fromValue(v, like)
	d.markVerbatim(d.root)
	out := d.rootNode(d.root, component)
	out.name, out.useParent = name, useParentParameters
	return out
}

// locate gives the nodes of the text below n, with references followed, for their positions.
func (d *document) locate(n *Node) *yaml11.Node {
	r := yaml11.New(int32(n.Line), int32(n.Col), n.raw.Value)
	if n.Kind == Scalar {
		return r
	}
	if n.mode != component {
		return n.raw
	}
	n.fill()
	r.Become(n.Kind, len(n.children))
	for i, c := range n.children {
		if n.Kind == Map {
			r.Keys = append(r.Keys, n.keys[i])
		}
		r.Values = append(r.Values, d.locate(c))
	}
	return r
}

// markVerbatim keeps texts that begin with "#/" from being followed as references, and counts the
// nodes.
func (d *document) markVerbatim(r *yaml11.Node) int {
	if mayRefer(r) {
		d.note(r).resolved = r
	}
	nodes := 1
	for _, v := range r.Values {
		nodes += d.markVerbatim(v)
	}
	return nodes
}

// With returns a copy of a map node in which one member is replaced or added. The other members are
// n's own and keep their parameters.
func (n *Node) With(name string, v any) *Node {
	n.fill()
	out := *n
	out.index, out.valued = nil, false
	out.keys = append(make([]yaml11.Key, 0, len(n.keys)+1), n.keys...)
	out.children = append(make([]*Node, 0, len(n.keys)+1), n.children...)
	member := n.doc.fromValue(v, n.raw)
	n.doc.markVerbatim(member)
	child := n.doc.newNode(&out, name, 0, member, resolved)
	for i, k := range out.keys {
		if !k.IsOther && k.Name == name {
			child.Line, child.Col = n.children[i].Line, n.children[i].Col
			out.children[i] = child
			return &out
		}
	}
	out.keys = append(out.keys, yaml11.Key{Name: name, Line: n.raw.Line, Col: n.raw.Col})
	out.children = append(out.children, child)
	return &out
}
