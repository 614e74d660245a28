package syntax

import "anytap/internal/python"

// Node is an expression of the tree: one of the types below.
type Node interface{}

type (
	// Name is a variable.
	Name struct {
		Name string
		pos  int
	}
	// Const is a literal other than a container.
	Const struct {
		Val any
		pos int
	}
	// Tuple is "(a, b)"; as a target it unpacks a value.
	Tuple struct {
		Items []Node
		pos   int
	}
	// List is "[a, b]".
	List struct{ Items []Node }
	// Dict is "{k: v}".
	Dict struct{ Keys, Vals []Node }
	// Attr is "obj.name".
	Attr struct {
		Obj  Node
		Name string
	}
	// Item is "obj[arg]".
	Item struct{ Obj, Arg Node }
	// Slice is a subscript "start:stop:step"; nil parts are absent.
	Slice struct{ Start, Stop, Step Node }
	// Call is "fn(args)".
	Call struct {
		Fn   Node
		Args Args
		pos  int
	}
	// Filter is "obj | name(args)". It has a nil Obj inside "{% filter %}" and "{% set x | f %}".
	Filter struct {
		Obj  Node
		Name string
		Args Args
		pos  int
	}
	// Test is "obj is name(args)".
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
	// And is "l and r".
	And struct{ L, R Node }
	// Or is "l or r".
	Or struct{ L, R Node }
	// Not is "not x".
	Not struct{ X Node }
	// Unary is "+x" or "-x".
	Unary struct {
		Minus bool
		X     Node
	}
	// Compare is "first op rest[0] op rest[1] …"; there are as many operators as operands in Rest.
	Compare struct {
		First Node
		Ops   []python.Comparison
		Rest  []Node
	}
	// Concat is "a ~ b ~ …".
	Concat struct{ Parts []Node }
	// Cond is "a if test else b"; B is nil without else.
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
	Names  []string // of Kw
	Kw     []Node
	Star   Node // *args
	Dstar  Node // **kwargs
	offset int
}

// Stmt is a statement of the tree: one of the types below.
type Stmt interface{}

type (
	// Data is text between tags.
	Data struct{ Text string }
	// Output is "{{ … }}".
	Output struct{ Exprs []Node }
	// For is "{% for target in iter if test %}"; Alt is its else branch.
	For struct {
		Target    Node
		Iter      Node
		Test      Node
		Body, Alt []Stmt
		Recursive bool
		pos       int
	}
	// If is "{% if test %}"; Alt is its else branch.
	If struct {
		Test  Node
		Body  []Stmt
		Elifs []*If
		Alt   []Stmt
	}
	// Set is "{% set target = val %}".
	Set struct {
		Target Node
		Val    Node
	}
	// SetBlock is "{% set target | filter %}…{% endset %}"; Filter may be nil.
	SetBlock struct {
		Target Node
		Filter *Filter
		Body   []Stmt
	}
	// With is "{% with target = val, … %}".
	With struct {
		Targets, Vals []Node
		Body          []Stmt
	}
	// Macro is "{% macro name(params) %}".
	Macro struct {
		Name     string
		Params   []string
		Defaults []Node // of the last params
		Body     []Stmt
		pos      int
	}
	// CallBlock is "{% call(params) f(args) %}".
	CallBlock struct {
		Call  *Call
		Macro *Macro // the anonymous caller
	}
	// FilterBlock is "{% filter f %}".
	FilterBlock struct {
		Filter *Filter
		Body   []Stmt
	}
	// Block is "{% block name %}".
	Block struct {
		Name             string
		Scoped, Required bool
		Body             []Stmt
		pos              int
	}
	// Autoescape is "{% autoescape on %}".
	Autoescape struct {
		On   Node
		Body []Stmt
	}
	// Load is include, import, from-import or extends: without a template loader each of them
	// raises when it is reached.
	Load struct {
		Template Node
		Targets  []string
		Extends  bool
		pos      int
	}
)
