package manifest

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// Kind tells the three shapes of a node.
type Kind = yaml11.Kind

// The shapes that a node has.
const (
	Scalar = yaml11.Scalar
	List   = yaml11.List
	Map    = yaml11.Map
)

// mode says what is done for a node's members when they are asked for.
type mode uint8

const (
	asIs      mode = iota // nothing: references stay text
	resolved              // references are followed
	component             // references are followed, types filled in, parameters handed down
)

// Node is a place in a manifest. The nodes below a resolved root are made when they are asked for,
// so only one goroutine at a time may use a manifest's nodes. What Value returned may be read by
// several.
type Node struct {
	Kind Kind
	// Line and Col are the place of the text, both from 1. That of a $ref is the place of what it
	// means. Both are 0 in a manifest that came inside a config.
	Line, Col int

	doc    *document
	raw    *yaml11.Node // with its own reference followed
	parent *Node
	name   string // the key in the parent, or "" for an element of a list
	place  int    // in the parent when it is a list

	mode      mode
	verbatim  bool    // texts in here are no references
	useParent bool    // parameters of parents win over a component's own
	applied   bool    // the member comes from $parameters
	field     string  // "ParentType.field", which decides the type when it is omitted
	inherited *params // parameters of the parents

	expanded bool
	keys     []yaml11.Key
	children []*Node
	own      int           // so many of keys are not from parameters, where given is set
	given    *params       // of a component: scalars among them may still have to be added as members
	lates    map[int]*Node // those that were asked for, by their place in given
	index    map[string]int
	params   *params // parameters in force here
	fault    string  // what is wrong with the members
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

// Path is the path from the root, such as "streams[3].retriever.paginator"; "" for the root itself.
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

// Type is the component's type; "" when the node has none, or one that is no text.
func (n *Node) Type() string {
	s, _ := n.Get("type").Text()
	return s
}

// Text gives a scalar's text, and whether it is text. A nil node has none.
func (n *Node) Text() (string, bool) {
	if n == nil {
		return "", false
	}
	return n.raw.Text()
}

// IsNull tells whether the node is there and null.
func (n *Node) IsNull() bool { return n != nil && n.Kind == Scalar && n.raw.Value == nil }

// Get gives a map's member; nil when there is none. A nil node has no members. $parameters is no
// member: see Parameters.
func (n *Node) Get(name string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	n.expand()
	if i := yaml11.FindKey(n.keys, &n.index, name); i >= 0 {
		return n.children[i]
	}
	return n.late(name)
}

// At goes down several levels by keys and decimal indices. It gives nil when there is nothing.
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

// Keys are a map's keys in order. Those that are no text come as Python prints them.
func (n *Node) Keys() []string {
	if n == nil || n.Kind != Map {
		return nil
	}
	n.fill()
	keys := make([]string, len(n.keys))
	for i, k := range n.keys {
		keys[i] = k.Text()
	}
	return keys
}

// Members gives a map's members in order, with their keys as Keys gives them.
func (n *Node) Members() iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		if n == nil || n.Kind != Map {
			return
		}
		n.fill()
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

// Parameters are the $parameters in force for this component: its own and those of the components
// around it. They are nil when there are none, and for what is no component. They must not be
// changed.
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

// Problem makes an error that names the node's place.
func (n *Node) Problem(format string, args ...any) *Problem { return n.problem(format, args...) }

func (n *Node) problem(format string, args ...any) *Problem {
	p := n.doc.problem(n.raw, n.Path(), "%s", fmt.Sprintf(format, args...))
	p.Line, p.Col = n.Line, n.Col
	return p
}

// String names the node's place, for logs.
func (n *Node) String() string { return strings.TrimSuffix(n.problem("").Error(), ": ") }
