package jinja

// walk visits an expression and its parts in the order they are written; f
// returns false to leave out the parts.
func walk(n node, f func(node) bool) {
	if n == nil || !f(n) {
		return
	}
	for _, c := range children(n) {
		walk(c, f)
	}
}

func children(n node) []node {
	switch n := n.(type) {
	case *tupleNode:
		return n.items
	case *listNode:
		return n.items
	case *dictNode:
		all := make([]node, 0, 2*len(n.keys))
		for i := range n.keys {
			all = append(all, n.keys[i], n.vals[i])
		}
		return all
	case *attrNode:
		return []node{n.obj}
	case *itemNode:
		return []node{n.obj, n.arg}
	case *sliceNode:
		return present(n.start, n.stop, n.step)
	case *callNode:
		return append([]node{n.fn}, n.args.all()...)
	case *filterNode:
		if n == nil {
			return nil
		}
		return append(present(n.obj), n.args.all()...)
	case *testNode:
		return append([]node{n.obj}, n.args.all()...)
	case *binaryNode:
		return []node{n.l, n.r}
	case *andNode:
		return []node{n.l, n.r}
	case *orNode:
		return []node{n.l, n.r}
	case *notNode:
		return []node{n.x}
	case *unaryNode:
		return []node{n.x}
	case *compareNode:
		return append([]node{n.first}, n.rest...)
	case *concatNode:
		return n.parts
	case *condNode:
		return present(n.test, n.a, n.b)
	}
	return nil
}

func present(ns ...node) []node {
	var out []node
	for _, n := range ns {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}

func (a *callArgs) all() []node {
	out := append([]node{}, a.pos...)
	out = append(out, a.kw...)
	return append(out, present(a.star, a.dstar)...)
}

// walkStmts visits statements, and the expressions in them, deep.
func walkStmts(body []stmt, fs func(stmt), fe func(node)) {
	exprs := func(ns ...node) {
		for _, n := range ns {
			if fe != nil && n != nil {
				walk(n, func(n node) bool { fe(n); return true })
			}
		}
	}
	for _, s := range body {
		if fs != nil {
			fs(s)
		}
		switch n := s.(type) {
		case *outputStmt:
			exprs(n.exprs...)
		case *forStmt:
			exprs(n.target, n.iter, n.test)
			walkStmts(n.body, fs, fe)
			walkStmts(n.alt, fs, fe)
		case *ifStmt:
			exprs(n.test)
			walkStmts(n.body, fs, fe)
			for _, e := range n.elifs {
				walkStmts([]stmt{e}, fs, fe)
			}
			walkStmts(n.alt, fs, fe)
		case *setStmt:
			exprs(n.target, n.val)
		case *setBlockStmt:
			exprs(n.target)
			if n.filter != nil {
				exprs(n.filter)
			}
			walkStmts(n.body, fs, fe)
		case *withStmt:
			exprs(append(append([]node{}, n.targets...), n.vals...)...)
			walkStmts(n.body, fs, fe)
		case *macroStmt:
			exprs(n.defaults...)
			walkStmts(n.body, fs, fe)
		case *callStmt:
			exprs(n.call)
			walkStmts([]stmt{n.macro}, fs, fe)
		case *filterStmt:
			exprs(n.filter)
			walkStmts(n.body, fs, fe)
		case *blockStmt:
			walkStmts(n.body, fs, fe)
		case *escapeStmt:
			exprs(n.on)
			walkStmts(n.body, fs, fe)
		case *loadStmt:
			exprs(n.template)
		}
	}
}
