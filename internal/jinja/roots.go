package jinja

import (
	"slices"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python/method"
	"anytap/internal/value"
)

// rootUse is a read of a variable of the context and the constant names that follow it.
type rootUse struct {
	path []string // starts with the variable's name
}

// undeclaredIn reports whether statements read a name before they assign it. It ignores blocks.
func undeclaredIn(body []syntax.Stmt, name string) bool {
	v := &nameFinder{name: name}
	v.stmts(body)
	return v.found
}

// nameFinder looks for a read of name before an assignment to it. stored is set by an assignment,
// found by a read before any.
type nameFinder struct {
	name          string
	found, stored bool
}

func (v *nameFinder) expr(n syntax.Node) {
	if n == nil {
		return
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		if x, ok := n.(*syntax.Name); ok && x.Name == v.name && !v.stored {
			v.found = true
		}
		return true
	})
}

func (v *nameFinder) target(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if x, ok := n.(*syntax.Name); ok && x.Name == v.name {
			v.stored = true
		}
		return true
	})
}

func (v *nameFinder) stmts(body []syntax.Stmt) {
	for _, s := range body {
		v.stmt(s)
	}
}

func (v *nameFinder) stmt(s syntax.Stmt) {
	switch n := s.(type) {
	case *syntax.Output:
		for _, x := range n.Exprs {
			v.expr(x)
		}
	case *syntax.For:
		v.target(n.Target)
		v.expr(n.Iter)
		v.stmts(n.Body)
		v.stmts(n.Alt)
		v.expr(n.Test)
	case *syntax.If:
		v.expr(n.Test)
		v.stmts(n.Body)
		for _, e := range n.Elifs {
			v.stmt(e)
		}
		v.stmts(n.Alt)
	case *syntax.Set:
		v.target(n.Target)
		v.expr(n.Val)
	case *syntax.SetBlock:
		v.target(n.Target)
		if n.Filter != nil {
			v.expr(n.Filter)
		}
		v.stmts(n.Body)
	case *syntax.With:
		for _, t := range n.Targets {
			v.target(t)
		}
		for _, x := range n.Vals {
			v.expr(x)
		}
		v.stmts(n.Body)
	default:
		v.block(s)
	}
}

func (v *nameFinder) block(s syntax.Stmt) {
	switch n := s.(type) {
	case *syntax.Macro:
		v.stored = v.stored || slices.Contains(n.Params, v.name)
		for _, d := range n.Defaults {
			v.expr(d)
		}
		v.stmts(n.Body)
	case *syntax.CallBlock:
		v.expr(n.Call)
		v.block(n.Macro)
	case *syntax.FilterBlock:
		v.stmts(n.Body)
		v.expr(n.Filter)
	case *syntax.Autoescape:
		v.expr(n.On)
		v.stmts(n.Body)
	case *syntax.Load:
		v.expr(n.Template)
	}
}

// assignsLoop reports whether a loop or something in it assigns to "loop".
func assignsLoop(f *syntax.For) bool {
	found := false
	check := func(n syntax.Node) {
		if n == nil {
			return
		}
		syntax.Walk(n, func(n syntax.Node) bool {
			if x, ok := n.(*syntax.Name); ok && x.Name == "loop" {
				found = true
			}
			return true
		})
	}
	syntax.WalkStmts([]syntax.Stmt{f}, func(s syntax.Stmt) {
		switch n := s.(type) {
		case *syntax.For:
			check(n.Target)
		case *syntax.Set:
			check(n.Target)
		case *syntax.SetBlock:
			check(n.Target)
		}
	}, nil)
	return found
}

func hasScopedBlock(body []syntax.Stmt) bool {
	found := false
	syntax.WalkStmts(body, func(s syntax.Stmt) {
		if b, ok := s.(*syntax.Block); ok && b.Scoped {
			found = true
		}
	}, nil)
	return found
}

// mutates reports whether a template may call a method that changes its receiver.
func mutates(body []syntax.Stmt) bool {
	found := false
	mark := func(name string) {
		for _, v := range []any{(*value.List)(nil), (*value.Dict)(nil), (*value.Set)(nil)} {
			if b, ok := method.Of(v)[name]; ok && b.Mutates {
				found = true
			}
		}
	}
	syntax.WalkStmts(body, nil, func(n syntax.Node) {
		switch n := n.(type) {
		case *syntax.Attr:
			mark(n.Name)
		case *syntax.Item:
			if k, ok := n.Arg.(*syntax.Const); ok {
				if s, ok := k.Val.(string); ok {
					mark(s)
				}
			}
		case *syntax.Filter:
			// These look up an attribute by a name that may be known only at run time.
			found = found || n.Name == "attr" || n.Name == "map"
		}
	})
	return found
}

// rootsOf lists the uses of the variables in names. If the template also assigns a variable, the
// whole variable counts as used.
func rootsOf(body []syntax.Stmt, names map[string]bool) []rootUse {
	var uses []rootUse
	assigned := map[string]bool{}
	syntax.WalkStmts(body, func(s syntax.Stmt) {
		for _, t := range targets(s) {
			syntax.Walk(t, func(n syntax.Node) bool {
				if x, ok := n.(*syntax.Name); ok {
					assigned[x.Name] = true
				}
				return true
			})
		}
	}, nil)
	inner := map[syntax.Node]bool{} // nodes of a longer path
	syntax.WalkStmts(body, nil, func(n syntax.Node) {
		if inner[n] {
			return
		}
		path, parts := pathOf(n)
		if path == nil || !names[path[0]] || assigned[path[0]] {
			return
		}
		for _, p := range parts {
			inner[p] = true
		}
		uses = append(uses, rootUse{path})
	})
	for name := range names {
		if assigned[name] {
			uses = append(uses, rootUse{[]string{name}})
		}
	}
	return uses
}

func targets(s syntax.Stmt) []syntax.Node {
	switch n := s.(type) {
	case *syntax.For:
		return []syntax.Node{n.Target}
	case *syntax.Set:
		return []syntax.Node{n.Target}
	case *syntax.SetBlock:
		return []syntax.Node{n.Target}
	case *syntax.With:
		return n.Targets
	}
	return nil
}

// pathOf recognizes a variable followed by subscripts. It returns its nodes and the path: the names
// up to the first step that is not constant. The dict method get with a constant name is a step of
// the path.
func pathOf(n syntax.Node) (path []string, parts []syntax.Node) {
	for {
		switch x := n.(type) {
		case *syntax.Name:
			path = append(path, x.Name)
			slices.Reverse(path)
			return path, append(parts, n)
		case *syntax.Attr:
			if _, method := method.Of((*value.Dict)(nil))[x.Name]; method {
				// A method may read any part of the object.
				path = path[:0]
			} else {
				path = append(path, x.Name)
			}
			parts = append(parts, n)
			n = x.Obj
		case *syntax.Item:
			k, ok := x.Arg.(*syntax.Const)
			name, isText := "", false
			if ok {
				name, isText = k.Val.(string)
			}
			if isText {
				path = append(path, name)
			} else {
				path = path[:0]
			}
			parts = append(parts, n)
			n = x.Obj
		case *syntax.Call:
			attr, ok := x.Fn.(*syntax.Attr)
			if !ok || attr.Name != "get" || len(x.Args.Pos) == 0 {
				return nil, nil
			}
			k, ok := x.Args.Pos[0].(*syntax.Const)
			if name, isText := constText(k, ok); isText {
				path = append(path, name)
			} else {
				path = path[:0]
			}
			parts = append(parts, n, attr)
			n = attr.Obj
		default:
			return nil, nil
		}
	}
}

func constText(k *syntax.Const, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	s, isText := k.Val.(string)
	return s, isText
}
