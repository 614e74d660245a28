package manifest

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// mode is what happens with a node's members when somebody asks for them.
type mode uint8

const (
	asIs      mode = iota // nothing: references stay text
	resolved              // references are followed
	component             // references are followed, types filled in, parameters handed down
)

// Node is a place in a manifest. The nodes below a resolved root appear when they are asked for, so a node must not
// be used by several goroutines at once; what Value returned may be.
type Node struct {
	Kind Kind
	// Line and Col tell where the text stands, both from 1. What a $ref means stands at its definition. 0: no lines.
	Line, Col int

	doc    *document
	raw    *yaml11.Node // with its own reference followed
	parent *Node
	name   string // the key in the parent, or "" for an element of a list
	place  int    // in the parent when it is a list

	mode      mode
	verbatim  bool    // no text in here is a reference
	useParent bool    // parameters of parents win over a component's own
	applied   bool    // the member came from $parameters, the manifest does not have it
	field     string  // "ParentType.field", by which a left-out type is filled in
	inherited *params // parameters of the parents

	expanded bool
	keys     []yaml11.Key
	children []*Node
	index    map[string]int
	params   *params // parameters in force here
	bad      string  // what went wrong while the members were made
	value    any
	valued   bool
}

func (d *document) rootNode(r *yaml11.Node, m mode) *Node {
	return d.newNode(nil, "", 0, r, m)
}

func (d *document) newNode(parent *Node, name string, place int, r *yaml11.Node, m mode) *Node {
	n := new(Node)
	d.setNode(n, parent, name, place, r, m)
	return n
}

func (d *document) setNode(n, parent *Node, name string, place int, r *yaml11.Node, m mode) {
	*n = Node{doc: d, parent: parent, name: name, place: place, mode: m}
	if parent != nil {
		n.verbatim = parent.verbatim
	}
	if name == overridesKey {
		n.verbatim = true
	}
	if m != asIs && !n.verbatim {
		r = d.resolve(r)
	}
	n.setRaw(r)
}

func (n *Node) setRaw(r *yaml11.Node) {
	n.raw, n.Kind, n.Line, n.Col = r, r.Kind, int(r.Line), int(r.Col)
}

// File names the manifest's file.
func (n *Node) File() string { return n.doc.file }

// Path is the way from the root, such as "streams[3].retriever.paginator"; "" for the root itself.
func (n *Node) Path() string {
	if n.parent == nil {
		return n.name
	}
	up := n.parent.Path()
	if n.parent.Kind == List {
		return up + "[" + strconv.Itoa(n.place) + "]"
	}
	return join(up, n.name)
}

// Type is the component's type text; "" when the node has none or one that is no text.
func (n *Node) Type() string {
	s, _ := n.Get("type").Text()
	return s
}

// Text returns a scalar's text, and whether it is text. A nil node has none.
func (n *Node) Text() (string, bool) {
	if n == nil {
		return "", false
	}
	return n.raw.Text()
}

// IsNull tells whether the node is there and null.
func (n *Node) IsNull() bool { return n != nil && n.Kind == Scalar && n.raw.Value == nil }

// Get returns a map's member, nil when there is none. A nil node has no members. $parameters is no member: see
// Parameters.
func (n *Node) Get(name string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	n.expand()
	if i := yaml11.FindKey(n.keys, &n.index, name); i >= 0 {
		return n.children[i]
	}
	return nil
}

// At goes down several levels by keys and decimal indices; nil when there is nothing.
func (n *Node) At(path ...string) *Node {
	for _, p := range path {
		if n == nil {
			return nil
		}
		if n.Kind == List {
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(n.Items()) {
				return nil
			}
			n = n.Items()[i]
			continue
		}
		n = n.Get(p)
	}
	return n
}

// Keys are a map's keys in order, those that are no text as Python would print them.
func (n *Node) Keys() []string {
	if n == nil || n.Kind != Map {
		return nil
	}
	n.expand()
	keys := make([]string, len(n.keys))
	for i, k := range n.keys {
		keys[i] = k.Text()
	}
	return keys
}

// Members gives a map's members in order.
func (n *Node) Members() iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		if n == nil || n.Kind != Map {
			return
		}
		n.expand()
		for i, k := range n.keys {
			if !yield(k.Text(), n.children[i]) {
				return
			}
		}
	}
}

// Items are a list's elements; nil for anything else.
func (n *Node) Items() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	n.expand()
	return n.children
}

// Parent is the node that holds this one; nil for the root.
func (n *Node) Parent() *Node { return n.parent }

// Parameters are the $parameters in force for this component: its own and those of the components around it. It is
// nil when there are none and for what is no component. They must not be changed.
func (n *Node) Parameters() *value.Dict {
	if n == nil || n.Kind != Map {
		return nil
	}
	n.expand()
	if n.params == nil || len(n.params.list) == 0 {
		return nil
	}
	return n.params.dict(n.doc)
}

// Value is the node as the reference runtime holds it: references followed and, inside components, types, fields and
// "$parameters" filled in. The value is made once, is shared, and must not be changed (Clone it).
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
	n.expand()
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

// plainValue is the value of a node outside of components. verbatim: no text in it is a reference.
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

// Problem makes an error that names the node's place.
func (n *Node) Problem(format string, args ...any) *Problem { return n.problem(format, args...) }

func (n *Node) problem(format string, args ...any) *Problem {
	p := n.doc.problem(n.raw, n.Path(), "%s", fmt.Sprintf(format, args...))
	p.Line, p.Col = n.Line, n.Col
	return p
}

// String names the node's place, for logs.
func (n *Node) String() string { return strings.TrimSuffix(n.problem("").Error(), ": ") }

// Rebuild makes a component of a value that was made from n's own, as components resolvers do: v is taken as it is
// (no references), its types are filled in and its parameters handed down once more. With useParentParameters, those
// of parents win over a component's own. Members that n has too keep their positions; name is the new node's path.
func (n *Node) Rebuild(name string, v any, useParentParameters bool) *Node {
	like := n.doc.locate(n)
	d := &document{file: n.doc.file, data: n.doc.data, filled: true}
	d.root = d.fromValue(v, like)
	d.markVerbatim(d.root)
	out := d.rootNode(d.root, component)
	out.name, out.useParent = name, useParentParameters
	return out
}

// locate gives the node's text as a tree with positions in which references are followed.
func (d *document) locate(n *Node) *yaml11.Node {
	r := yaml11.New(int32(n.Line), int32(n.Col), n.raw.Value)
	if n.Kind == Scalar {
		return r
	}
	if n.mode != component {
		return n.raw
	}
	n.expand()
	r.Become(n.Kind, len(n.children))
	for i, c := range n.children {
		if n.Kind == Map {
			r.Keys = append(r.Keys, n.keys[i])
		}
		r.Values = append(r.Values, d.locate(c))
	}
	return r
}

// markVerbatim keeps texts that begin with "#/" from being taken as references, and counts the nodes.
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

// With returns a copy of a map node in which one member is replaced or added. The members' parameters stay as they
// are; the copy's members are not n's own.
func (n *Node) With(name string, v any) *Node {
	n.expand()
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
