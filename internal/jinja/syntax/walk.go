package syntax

// Walk calls f for an expression and its parts in the order in which they are written. If f returns
// false, Walk skips the parts.
func Walk(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for _, c := range Children(n) {
		Walk(c, f)
	}
}

// Children returns the parts of an expression in the order in which they are written.
func Children(n Node) []Node {
	switch n := n.(type) {
	case *Tuple:
		return n.Items
	case *List:
		return n.Items
	case *Dict:
		all := make([]Node, 0, 2*len(n.Keys))
		for i := range n.Keys {
			all = append(all, n.Keys[i], n.Vals[i])
		}
		return all
	case *Attr:
		return []Node{n.Obj}
	case *Item:
		return []Node{n.Obj, n.Arg}
	case *Slice:
		return present(n.Start, n.Stop, n.Step)
	case *Call:
		return append([]Node{n.Fn}, n.Args.All()...)
	case *Filter:
		if n == nil {
			return nil
		}
		return append(present(n.Obj), n.Args.All()...)
	case *Test:
		return append([]Node{n.Obj}, n.Args.All()...)
	case *Binary:
		return []Node{n.L, n.R}
	case *And:
		return []Node{n.L, n.R}
	case *Or:
		return []Node{n.L, n.R}
	case *Not:
		return []Node{n.X}
	case *Unary:
		return []Node{n.X}
	case *Compare:
		return append([]Node{n.First}, n.Rest...)
	case *Concat:
		return n.Parts
	case *Cond:
		return present(n.Test, n.A, n.B)
	}
	return nil
}

// present drops absent nodes.
func present(ns ...Node) []Node {
	var out []Node
	for _, n := range ns {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}

// All returns the positional arguments, then the keyword arguments, "*args" and "**kwargs".
func (a *Args) All() []Node {
	out := append([]Node{}, a.Pos...)
	out = append(out, a.Kw...)
	return append(out, present(a.Star, a.Dstar)...)
}

// WalkStmts calls fs for all statements and fe for all expressions in body. Either may be nil.
func WalkStmts(body []Stmt, fs func(Stmt), fe func(Node)) {
	exprs := func(ns ...Node) {
		for _, n := range ns {
			if fe != nil && n != nil {
				Walk(n, func(n Node) bool { fe(n); return true })
			}
		}
	}
	for _, s := range body {
		if fs != nil {
			fs(s)
		}
		switch n := s.(type) {
		case *Output:
			exprs(n.Exprs...)
		case *For:
			exprs(n.Target, n.Iter, n.Test)
			WalkStmts(n.Body, fs, fe)
			WalkStmts(n.Alt, fs, fe)
		case *If:
			exprs(n.Test)
			WalkStmts(n.Body, fs, fe)
			for _, e := range n.Elifs {
				WalkStmts([]Stmt{e}, fs, fe)
			}
			WalkStmts(n.Alt, fs, fe)
		case *Set:
			exprs(n.Target, n.Val)
		case *SetBlock:
			exprs(n.Target)
			if n.Filter != nil {
				exprs(n.Filter)
			}
			WalkStmts(n.Body, fs, fe)
		case *With:
			exprs(append(append([]Node{}, n.Targets...), n.Vals...)...)
			WalkStmts(n.Body, fs, fe)
		case *Macro:
			exprs(n.Defaults...)
			WalkStmts(n.Body, fs, fe)
		case *CallBlock:
			exprs(n.Call)
			WalkStmts([]Stmt{n.Macro}, fs, fe)
		case *FilterBlock:
			exprs(n.Filter)
			WalkStmts(n.Body, fs, fe)
		case *Block:
			WalkStmts(n.Body, fs, fe)
		case *Autoescape:
			exprs(n.On)
			WalkStmts(n.Body, fs, fe)
		case *Load:
			exprs(n.Template)
		}
	}
}
