package jinja

import (
	"slices"

	"anytap/internal/value"
)

// rootUse is one use of a context variable: the constant path below it.
type rootUse struct {
	path []string // starts with the variable's name
}

// undeclaredIn reports whether statements read a name before they assign it;
// blocks are left out.
func undeclaredIn(body []stmt, name string) bool {
	v := &nameFinder{name: name}
	v.stmts(body)
	return v.found
}

type nameFinder struct {
	name          string
	found, stored bool
}

func (v *nameFinder) expr(n node) {
	if n == nil {
		return
	}
	walk(n, func(n node) bool {
		if x, ok := n.(*nameNode); ok && x.name == v.name && !v.stored {
			v.found = true
		}
		return true
	})
}

func (v *nameFinder) target(n node) {
	walk(n, func(n node) bool {
		if x, ok := n.(*nameNode); ok && x.name == v.name {
			v.stored = true
		}
		return true
	})
}

func (v *nameFinder) stmts(body []stmt) {
	for _, s := range body {
		v.stmt(s)
	}
}

func (v *nameFinder) stmt(s stmt) {
	switch n := s.(type) {
	case *outputStmt:
		for _, x := range n.exprs {
			v.expr(x)
		}
	case *forStmt:
		v.target(n.target)
		v.expr(n.iter)
		v.stmts(n.body)
		v.stmts(n.alt)
		v.expr(n.test)
	case *ifStmt:
		v.expr(n.test)
		v.stmts(n.body)
		for _, e := range n.elifs {
			v.stmt(e)
		}
		v.stmts(n.alt)
	case *setStmt:
		v.target(n.target)
		v.expr(n.val)
	case *setBlockStmt:
		v.target(n.target)
		if n.filter != nil {
			v.expr(n.filter)
		}
		v.stmts(n.body)
	case *withStmt:
		for _, t := range n.targets {
			v.target(t)
		}
		for _, x := range n.vals {
			v.expr(x)
		}
		v.stmts(n.body)
	default:
		v.block(s)
	}
}

func (v *nameFinder) block(s stmt) {
	switch n := s.(type) {
	case *macroStmt:
		v.stored = v.stored || slices.Contains(n.params, v.name)
		for _, d := range n.defaults {
			v.expr(d)
		}
		v.stmts(n.body)
	case *callStmt:
		v.expr(n.call)
		v.block(n.macro)
	case *filterStmt:
		v.stmts(n.body)
		v.expr(n.filter)
	case *escapeStmt:
		v.expr(n.on)
		v.stmts(n.body)
	case *loadStmt:
		v.expr(n.template)
	}
}

// assignsLoop reports whether a loop or something in it assigns to "loop".
func assignsLoop(f *forStmt) bool {
	found := false
	check := func(n node) {
		if n == nil {
			return
		}
		walk(n, func(n node) bool {
			if x, ok := n.(*nameNode); ok && x.name == "loop" {
				found = true
			}
			return true
		})
	}
	walkStmts([]stmt{f}, func(s stmt) {
		switch n := s.(type) {
		case *forStmt:
			check(n.target)
		case *setStmt:
			check(n.target)
		case *setBlockStmt:
			check(n.target)
		}
	}, nil)
	return found
}

func hasScopedBlock(body []stmt) bool {
	found := false
	walkStmts(body, func(s stmt) {
		if b, ok := s.(*blockStmt); ok && b.scoped {
			found = true
		}
	}, nil)
	return found
}

// mutates reports whether a template calls a method that changes an object.
func mutates(body []stmt) bool {
	found := false
	mark := func(name string) {
		for _, v := range []any{(*value.List)(nil), (*value.Dict)(nil), (*value.Set)(nil)} {
			if b, ok := methodsOf(v)[name]; ok && b.mutates {
				found = true
			}
		}
	}
	walkStmts(body, nil, func(n node) {
		switch n := n.(type) {
		case *attrNode:
			mark(n.name)
		case *itemNode:
			if k, ok := n.arg.(*constNode); ok {
				if s, ok := k.val.(string); ok {
					mark(s)
				}
			}
		case *filterNode:
			found = found || n.name == "attr" || n.name == "map"
		}
	})
	return found
}

// rootsOf lists how a template uses the variables of its context, which names
// tells. Of one that the template also assigns, all counts as used.
func rootsOf(body []stmt, names map[string]bool) []rootUse {
	var uses []rootUse
	assigned := map[string]bool{}
	walkStmts(body, func(s stmt) {
		for _, t := range targets(s) {
			walk(t, func(n node) bool {
				if x, ok := n.(*nameNode); ok {
					assigned[x.name] = true
				}
				return true
			})
		}
	}, nil)
	inner := map[node]bool{}
	walkStmts(body, nil, func(n node) {
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

func targets(s stmt) []node {
	switch n := s.(type) {
	case *forStmt:
		return []node{n.target}
	case *setStmt:
		return []node{n.target}
	case *setBlockStmt:
		return []node{n.target}
	case *withStmt:
		return n.targets
	}
	return nil
}

// pathOf recognizes a variable and constant names below it, and returns the
// nodes that make up the path. The dict method get with a constant name counts
// as a step.
func pathOf(n node) (path []string, parts []node) {
	for {
		switch x := n.(type) {
		case *nameNode:
			path = append(path, x.name)
			slices.Reverse(path)
			return path, append(parts, n)
		case *attrNode:
			if _, method := methodsOf((*value.Dict)(nil))[x.name]; method {
				// What a method reads is not told by its name: the whole object.
				path = path[:0]
			} else {
				path = append(path, x.name)
			}
			parts = append(parts, n)
			n = x.obj
		case *itemNode:
			k, ok := x.arg.(*constNode)
			name, isText := "", false
			if ok {
				name, isText = k.val.(string)
			}
			if isText {
				path = append(path, name)
			} else {
				path = path[:0]
			}
			parts = append(parts, n)
			n = x.obj
		case *callNode:
			attr, ok := x.fn.(*attrNode)
			if !ok || attr.name != "get" || len(x.args.pos) == 0 {
				return nil, nil
			}
			k, ok := x.args.pos[0].(*constNode)
			if name, isText := constText(k, ok); isText {
				path = append(path, name)
			} else {
				path = path[:0]
			}
			parts = append(parts, n, attr)
			n = attr.obj
		default:
			return nil, nil
		}
	}
}

func constText(k *constNode, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	s, isText := k.val.(string)
	return s, isText
}
