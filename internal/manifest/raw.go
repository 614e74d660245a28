package manifest

import "anytap/internal/value"

// Kind tells the three shapes of a node.
type Kind uint8

// The shapes that a node has.
const (
	Scalar Kind = iota
	List
	Map
)

// String gives the word for the shape.
func (k Kind) String() string {
	switch k {
	case List:
		return "list"
	case Map:
		return "map"
	}
	return "scalar"
}

// style is how a scalar was written; it serves only to find a character of its text in the file.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	literal
	folded
)

// raw is a node of the text as it stands there: references and parameters untouched. It does not change once it is
// read; several parents share it when the document has aliases, references or merge keys.
type raw struct {
	kind      Kind
	style     style
	mark      mark // progress of the check for circular references
	shared    bool // a list made of a value in which it stands in several places
	line, col int32
	depth     int32 // nesting below this node after references are followed
	size      int32 // nodes below this node after references are followed
	value     any   // of a scalar
	resolved  *raw  // memo of document.resolve
	*branch         // of a map or list; bare of a scalar
}

// branch is what maps and lists have, and scalars, which are most nodes, need no room for.
type branch struct {
	keys    []key // of a map
	vals    []*raw
	index   map[string]int
	decoded any // memo of document.plainValue
}

// bare stands in all scalars. It is never changed.
var bare = &branch{}

// scalar makes a node at a place.
func scalar(line, col int32, v any) *raw { return &raw{line: line, col: col, value: v, branch: bare} }

// hold makes the node a map or list, with room for n members.
func (r *raw) hold(kind Kind, n int) {
	r.kind, r.value, r.branch = kind, nil, &branch{vals: make([]*raw, 0, n)}
	if kind == Map {
		r.keys = make([]key, 0, n)
	}
}

// key is a map's key. Python's dicts take any hashable key; all but text is rare.
type key struct {
	name      string
	other     any // set when the key is not text
	isOther   bool
	line, col int32
}

func (k key) equal(o key) bool {
	if k.isOther != o.isOther {
		return false
	}
	if k.isOther {
		return value.Equal(k.other, o.other)
	}
	return k.name == o.name
}

func (k key) text() string {
	if k.isOther {
		return value.Str(k.other)
	}
	return k.name
}

// linearKeys is the number of keys up to which a scan beats a hash map.
const linearKeys = 12

func (r *raw) get(name string) *raw {
	if len(r.keys) <= linearKeys {
		for i := range r.keys {
			if r.keys[i].name == name && !r.keys[i].isOther {
				return r.vals[i]
			}
		}
		return nil
	}
	if r.index == nil {
		r.index = make(map[string]int, len(r.keys))
		for i, k := range r.keys {
			if !k.isOther {
				r.index[k.name] = i
			}
		}
	}
	if i, ok := r.index[name]; ok {
		return r.vals[i]
	}
	return nil
}

// text returns a scalar's text, and whether it is text.
func (r *raw) text() (string, bool) {
	if r.kind != Scalar {
		return "", false
	}
	s, ok := r.value.(string)
	return s, ok
}

// truth is Python's truth of the node.
func (r *raw) truth() bool {
	if r.kind != Scalar {
		return len(r.vals) > 0
	}
	return value.Truth(r.value)
}

// at makes a text that stands where r stands; it serves what the language adds by itself.
func (r *raw) at(text string) *raw { return scalar(r.line, r.col, text) }

// fromValue makes nodes of a value. Where like has the same member, the position is that member's, else like's own;
// like may be nil. A list that stands in several places stays one node, as it is one object in Python.
func fromValue(v any, like *raw) *raw {
	f := &valueReader{lists: map[*value.List]*raw{}}
	return f.read(v, like, 0)
}

type valueReader struct{ lists map[*value.List]*raw }

func (f *valueReader) read(v any, like *raw, depth int) *raw {
	r := scalar(0, 0, v)
	if like != nil {
		r.line, r.col = like.line, like.col
	}
	if depth > maxDepth+1 {
		return r
	}
	switch v := v.(type) {
	case *value.Dict:
		f.readDict(r, v, like, depth)
	case *value.List:
		if same := f.lists[v]; same != nil {
			same.shared = true
			return same
		}
		f.lists[v] = r
		f.readItems(r, v.Values(), like, depth)
	case value.Tuple:
		f.readItems(r, v, like, depth)
	case int:
		r.value = int64(v)
	}
	return r
}

func (f *valueReader) readDict(r *raw, v *value.Dict, like *raw, depth int) {
	r.hold(Map, v.Len())
	for k, m := range v.AllKeys() {
		kk := key{line: r.line, col: r.col}
		if s, ok := k.(string); ok {
			kk.name = s
		} else {
			kk.other, kk.isOther = k, true
		}
		r.keys = append(r.keys, kk)
		r.vals = append(r.vals, f.read(m, likeMember(like, kk), depth+1))
	}
}

func (f *valueReader) readItems(r *raw, items []any, like *raw, depth int) {
	r.hold(List, len(items))
	for i, m := range items {
		r.vals = append(r.vals, f.read(m, likeItem(like, i), depth+1))
	}
}

func likeMember(like *raw, k key) *raw {
	if like == nil || k.isOther || like.kind != Map {
		return like
	}
	if m := like.get(k.name); m != nil {
		return m
	}
	return like
}

func likeItem(like *raw, i int) *raw {
	if like == nil || like.kind != List || i >= len(like.vals) {
		return like
	}
	return like.vals[i]
}
