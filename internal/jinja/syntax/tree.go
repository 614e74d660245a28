package syntax

import "anytap/internal/python"

// Node is an expression of the syntax tree.
type Node interface{}

type (
	Name struct {
		Name string
		pos  int
	}
	Const struct {
		Val any
		pos int
	}
	Tuple struct {
		Items []Node
		pos   int
	}
	List struct{ Items []Node }
	Dict struct{ Keys, Vals []Node }
	Attr struct {
		Obj  Node
		Name string
	}
	Item struct{ Obj, Arg Node }
	// Slice is a subscript "start:stop:step"; nil parts are absent.
	Slice struct{ Start, Stop, Step Node }
	Call  struct {
		Fn   Node
		Args Args
		pos  int
	}
	// Filter has a nil obj inside "{% filter %}" and "{% set x | f %}".
	Filter struct {
		Obj  Node
		Name string
		Args Args
		pos  int
	}
	Test struct {
		Obj  Node
		Name string
		Args Args
		pos  int
	}
	// Binary is arithmetic.
	Binary struct {
		Op   python.Operator
		L, R Node
	}
	And   struct{ L, R Node }
	Or    struct{ L, R Node }
	Not   struct{ X Node }
	Unary struct {
		Minus bool
		X     Node
	}
	Compare struct {
		First Node
		Ops   []python.Comparison
		Rest  []Node
	}
	Concat struct{ Parts []Node }
	// Cond is "a if test else b"; b is nil without else.
	Cond struct {
		Test, A, B Node
		pos        int
	}
	// NamespaceAttr is an assignment target "namespace.attribute".
	NamespaceAttr struct {
		Name, Attr string
		pos        int
	}
)

// Args are the arguments of a call, filter or test.
type Args struct {
	Pos    []Node
	Names  []string // of kw
	Kw     []Node
	Star   Node // *args
	Dstar  Node // **kwargs
	offset int
}

// Stmt is a statement of the syntax tree.
type Stmt interface{}

type (
	Data   struct{ Text string }
	Output struct{ Exprs []Node }
	For    struct {
		Target    Node
		Iter      Node
		Test      Node
		Body, Alt []Stmt
		Recursive bool
		pos       int
	}
	If struct {
		Test  Node
		Body  []Stmt
		Elifs []*If
		Alt   []Stmt
	}
	Set struct {
		Target Node
		Val    Node
	}
	SetBlock struct {
		Target Node
		Filter *Filter
		Body   []Stmt
	}
	With struct {
		Targets, Vals []Node
		Body          []Stmt
	}
	Macro struct {
		Name     string
		Params   []string
		Defaults []Node // of the last params
		Body     []Stmt
		pos      int
	}
	CallBlock struct {
		Call  *Call
		Macro *Macro // the anonymous caller
	}
	FilterBlock struct {
		Filter *Filter
		Body   []Stmt
	}
	Block struct {
		Name             string
		Scoped, Required bool
		Body             []Stmt
		pos              int
	}
	Autoescape struct {
		On   Node
		Body []Stmt
	}
	// Load is include, import, from-import or extends: without a template
	// loader each of them raises when it is reached.
	Load struct {
		Template Node
		Targets  []string
		Extends  bool
		pos      int
	}
)
