package yaml11

import (
	"slices"

	"anytap/internal/value"
)

// Kind tells the three shapes of a node.
type Kind uint8

// The shapes that a node has.
const (
	Scalar Kind = iota
	List
	Map
)

// String gives "scalar", "list" or "map".
func (k Kind) String() string {
	switch k {
	case List:
		return "list"
	case Map:
		return "map"
	}
	return "scalar"
}

// style is how a scalar is written. It only serves to find a character of its text in the file.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	literal
	folded
)

// Node is a scalar, list or map of a document. It does not change once it is read. Several parents
// share a node when the document has aliases or merge keys.
type Node struct {
	Kind      Kind
	style     style
	Line, Col int32 // both from 1; the column counts characters
	Value     any   // of a scalar: nil, bool, string, int64, float64, *big.Int, or one of package value's types
	// Note belongs to the caller, for what it finds out about the node. It is nil after reading.
	Note    any
	*branch // of a map or list; bare of a scalar
}

// branch is what only maps and lists have. Most nodes are scalars and need no room for it.
type branch struct {
	Keys   []Key // of a map
	Values []*Node
	index  map[string]int
}

// bare is the branch of all scalars. It is never changed.
var bare = &branch{}

// New makes a scalar at a place.
func New(line, col int32, v any) *Node {
	return &Node{Line: line, Col: col, Value: v, branch: bare}
}

// Become makes n an empty map or list with room for some members.
func (n *Node) Become(kind Kind, room int) {
	n.Kind, n.Value, n.branch = kind, nil, &branch{Values: make([]*Node, 0, room)}
	if kind == Map {
		n.Keys = make([]Key, 0, room)
	}
}

// Key is a map's key. Like a Python dict's, it need not be text, but rarely is anything else.
type Key struct {
	Name      string
	Other     any // the key when it is not text
	IsOther   bool
	Line, Col int32
}

// Equal tells whether two keys are the same to a Python dict, for which 1, 1.0 and True are.
func (k Key) Equal(o Key) bool {
	if k.IsOther != o.IsOther {
		return false
	}
	if k.IsOther {
		return value.Equal(k.Other, o.Other)
	}
	return k.Name == o.Name
}

// Text is the key as Python's str() prints it.
func (k Key) Text() string {
	if k.IsOther {
		return value.Str(k.Other)
	}
	return k.Name
}

// SetIn sets the key's member of a dict.
func (k Key) SetIn(d *value.Dict, v any) {
	if k.IsOther {
		d.SetKey(k.Other, v)
		return
	}
	d.Set(k.Name, v)
}

// linearKeys is the number of keys up to which a scan beats a hash map.
const linearKeys = 12

// FindKey gives the place of the key that is the text name, or -1. When there are many keys, the
// first call fills index and later ones use it.
func FindKey(keys []Key, index *map[string]int, name string) int {
	if len(keys) <= linearKeys {
		for i := range keys {
			if keys[i].Name == name && !keys[i].IsOther {
				return i
			}
		}
		return -1
	}
	if *index == nil {
		*index = make(map[string]int, len(keys))
		for i, k := range keys {
			if !k.IsOther {
				(*index)[k.Name] = i
			}
		}
	}
	if i, ok := (*index)[name]; ok {
		return i
	}
	return -1
}

// Get gives the member of a map whose key is the text name; nil when there is none.
func (n *Node) Get(name string) *Node {
	if i := FindKey(n.Keys, &n.index, name); i >= 0 {
		return n.Values[i]
	}
	return nil
}

// Text gives a scalar's text, and whether it is text.
func (n *Node) Text() (string, bool) {
	if n.Kind != Scalar {
		return "", false
	}
	s, ok := n.Value.(string)
	return s, ok
}

// Put sets a map's member. When the map has an equal key already, that key keeps its place and gets
// the new value.
func (n *Node) Put(k Key, v *Node) {
	if i := n.find(k); i >= 0 {
		n.Values[i] = v
		return
	}
	n.Keys = append(n.Keys, k)
	n.Values = append(n.Values, v)
	if n.index != nil && !k.IsOther {
		n.index[k.Name] = len(n.Keys) - 1
	}
}

func (n *Node) find(k Key) int {
	if !k.IsOther && len(n.Keys) > linearKeys {
		return FindKey(n.Keys, &n.index, k.Name)
	}
	return slices.IndexFunc(n.Keys, k.Equal)
}

// mayRepeat tells whether a key may come twice. It is sure only when all keys are text.
func (n *Node) mayRepeat() bool {
	if len(n.Keys) > linearKeys {
		FindKey(n.Keys, &n.index, "") // fills the index
		return len(n.index) != len(n.Keys)
	}
	for i := range n.Keys {
		for j := range i {
			if n.Keys[i].IsOther || n.Keys[i].Name == n.Keys[j].Name {
				return true
			}
		}
	}
	return false
}

// Plain is the node as PyYAML gives it: a *value.Dict, a *value.List or a scalar's value.
func (n *Node) Plain() any {
	switch n.Kind {
	case List:
		items := make([]any, len(n.Values))
		for i, v := range n.Values {
			items[i] = v.Plain()
		}
		return value.NewList(items...)
	case Map:
		m := value.NewDict(len(n.Keys))
		for i, k := range n.Keys {
			k.SetIn(m, n.Values[i].Plain())
		}
		return m
	}
	return n.Value
}
