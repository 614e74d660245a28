package expression

// Node is a part of an expression.
type Node interface {
	// Pos is where the node begins, in bytes of the text.
	Pos() int
}

// At is the position of a node.
type At int

// Pos is part of Node.
func (a At) Pos() int { return int(a) }

// The nodes.
type (
	// Constant is a literal: None, a bool, a number, a text, bytes or Ellipsis.
	Constant struct {
		At
		Val any
	}
	// Name is a variable.
	Name struct {
		At
		Name string
	}
	// Attribute is of.name.
	Attribute struct {
		At
		Of   Node
		Name string
	}
	// Subscript is of[index].
	Subscript struct {
		At
		Of, Index Node
	}
	// Slice is low:high:step in a subscript; a part that is absent is nil.
	Slice struct {
		At
		Low, High, Step Node
	}
	// Call is fn(args, keywords).
	Call struct {
		At
		Fn       Node
		Args     []Node // *x is a Starred
		Keywords []Keyword
	}
	// Keyword is name=val in a call, or **val with an empty name.
	Keyword struct {
		At
		Name string
		Val  Node
	}
	// Starred is *x.
	Starred struct {
		At
		X Node
	}
	// Unary is op x; op is one of not - + ~.
	Unary struct {
		At
		Op string
		X  Node
	}
	// Binary is l op r.
	Binary struct {
		At
		Op   string
		L, R Node
	}
	// Logic is x and y and …, or the same with or.
	Logic struct {
		At
		Or bool
		Xs []Node
	}
	// Compare is first op rest[0] op rest[1] …
	Compare struct {
		At
		First Node
		Ops   []string
		Rest  []Node
	}
	// Conditional is then if test else otherwise.
	Conditional struct {
		At
		Test, Then, Else Node
	}
	// Sequence is a list, tuple or set; Kind is '[', '(' or '{'.
	Sequence struct {
		At
		Kind  byte
		Items []Node
	}
	// Dict has a nil key for each **val.
	Dict struct {
		At
		Keys, Vals []Node
	}
	// Joined is an f-string: Constants and Formatted.
	Joined struct {
		At
		Parts []Node
	}
	// Formatted is {x!conversion:spec} in an f-string; spec is nil where there is none.
	Formatted struct {
		At
		X          Node
		Conversion byte // 0: none
		Spec       *Joined
	}
	// Comprehension is elt for … in …; Kind is '[', '{' or '(' of a generator. Key is set for that
	// of a dict.
	Comprehension struct {
		At
		Kind     byte
		Key, Elt Node
		For      []For
	}
	// Lambda is lambda params: body.
	Lambda struct {
		At
		Params []Param
		Body   Node
	}
	// Param is a parameter; Stars is * or ** before its name, or a * or / without one.
	Param struct {
		Stars, Name string
		Default     Node // nil: none
	}
	// For is one "for target in iter if … if …".
	For struct {
		Target, Iter Node
		Ifs          []Node
	}
)
