package jinja

// node is an expression of the syntax tree.
type node interface{}

type (
	nameNode struct {
		name string
		pos  int
	}
	constNode struct {
		val any
		pos int
	}
	tupleNode struct {
		items []node
		pos   int
	}
	listNode struct{ items []node }
	dictNode struct{ keys, vals []node }
	attrNode struct {
		obj  node
		name string
	}
	itemNode struct{ obj, arg node }
	// sliceNode is a subscript "start:stop:step"; nil parts are absent.
	sliceNode struct{ start, stop, step node }
	callNode  struct {
		fn   node
		args callArgs
		pos  int
	}
	// filterNode has a nil obj inside "{% filter %}" and "{% set x | f %}".
	filterNode struct {
		obj  node
		name string
		args callArgs
		pos  int
	}
	testNode struct {
		obj  node
		name string
		args callArgs
		pos  int
	}
	// binaryNode is arithmetic.
	binaryNode struct {
		op   Operator
		l, r node
	}
	andNode   struct{ l, r node }
	orNode    struct{ l, r node }
	notNode   struct{ x node }
	unaryNode struct {
		minus bool
		x     node
	}
	compareNode struct {
		first node
		ops   []Comparison
		rest  []node
	}
	concatNode struct{ parts []node }
	// condNode is "a if test else b"; b is nil without else.
	condNode struct {
		test, a, b node
		pos        int
	}
	// nsNode is an assignment target "namespace.attribute".
	nsNode struct {
		name, attr string
		pos        int
	}
)

// callArgs are the arguments of a call, filter or test.
type callArgs struct {
	pos    []node
	names  []string // of kw
	kw     []node
	star   node // *args
	dstar  node // **kwargs
	offset int
}

// stmt is a statement of the syntax tree.
type stmt interface{}

type (
	dataStmt   struct{ text string }
	outputStmt struct{ exprs []node }
	forStmt    struct {
		target    node
		iter      node
		test      node
		body, alt []stmt
		recursive bool
		pos       int
	}
	ifStmt struct {
		test  node
		body  []stmt
		elifs []*ifStmt
		alt   []stmt
	}
	setStmt struct {
		target node
		val    node
	}
	setBlockStmt struct {
		target node
		filter *filterNode
		body   []stmt
	}
	withStmt struct {
		targets, vals []node
		body          []stmt
	}
	macroStmt struct {
		name     string
		params   []string
		defaults []node // of the last params
		body     []stmt
		pos      int
	}
	callStmt struct {
		call  *callNode
		macro *macroStmt // the anonymous caller
	}
	filterStmt struct {
		filter *filterNode
		body   []stmt
	}
	blockStmt struct {
		name             string
		scoped, required bool
		body             []stmt
		pos              int
	}
	escapeStmt struct {
		on   node
		body []stmt
	}
	// loadStmt is include, import, from-import or extends: without a template
	// loader each of them raises when it is reached.
	loadStmt struct {
		template node
		targets  []string
		extends  bool
		pos      int
	}
)
