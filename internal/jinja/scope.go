package jinja

import "anytap/internal/jinja/syntax"

// The names of a template are bound as in a Python function: a name that a scope assigns is local
// to the whole scope. This file finds the names of each scope and their initial values.

// load says where the initial value of a name comes from.
type load uint8

const (
	loadParam   load = iota // an argument or loop variable
	loadContext             // a variable of the context
	loadAlias               // the value of the same name in an outer scope
	loadMissing             // nothing
)

// ident is a name at one level of scopes.
type ident struct {
	level int
	name  string
}

// loading is the initial value of a name.
type loading struct {
	kind load
	from ident // the name in the outer scope, for an alias
}

// scope is the symbol table of one block of statements.
type scope struct {
	parent *scope
	level  int
	refs   map[string]ident
	loads  map[ident]loading
	order  []ident         // keys of loads in the order in which they were added
	stores map[string]bool // names that the scope assigns
}

func newScope(parent *scope) *scope {
	s := &scope{parent: parent, refs: map[string]ident{}, loads: map[ident]loading{}, stores: map[string]bool{}}
	if parent != nil {
		s.level = parent.level + 1
	}
	return s
}

func (s *scope) clone() *scope {
	c := newScope(s.parent)
	for k, v := range s.refs {
		c.refs[k] = v
	}
	for _, id := range s.order {
		c.setLoad(id, s.loads[id])
	}
	for k := range s.stores {
		c.stores[k] = true
	}
	return c
}

func (s *scope) setLoad(id ident, l loading) {
	if _, ok := s.loads[id]; !ok {
		s.order = append(s.order, id)
	}
	s.loads[id] = l
}

func (s *scope) define(name string, l loading) {
	id := ident{s.level, name}
	s.refs[name] = id
	s.setLoad(id, l)
}

func (s *scope) find(name string) (ident, bool) {
	for ; s != nil; s = s.parent {
		if id, ok := s.refs[name]; ok {
			return id, true
		}
	}
	return ident{}, false
}

func (s *scope) loadOf(id ident) (loading, bool) {
	for ; s != nil; s = s.parent {
		if l, ok := s.loads[id]; ok {
			return l, true
		}
	}
	return loading{}, false
}

// use records that a name is read.
func (s *scope) use(name string) {
	if _, ok := s.find(name); !ok {
		s.define(name, loading{kind: loadContext})
	}
}

// store records that a name is assigned.
func (s *scope) store(name string) {
	s.stores[name] = true
	if _, ok := s.refs[name]; ok {
		return
	}
	if outer, ok := s.parent.find(name); ok {
		s.define(name, loading{kind: loadAlias, from: outer})
		return
	}
	s.define(name, loading{kind: loadMissing})
}

// declare records a parameter.
func (s *scope) declare(name string) {
	s.stores[name] = true
	s.define(name, loading{kind: loadParam})
}

// merge combines the branches of an if statement. A name that only some of them assign starts with
// its outer value.
func (s *scope) merge(branches ...*scope) {
	var stored []string
	for _, b := range branches {
		for name := range b.stores {
			if !s.stores[name] {
				stored = append(stored, name)
			}
		}
	}
	for _, b := range branches {
		for name, id := range b.refs {
			s.refs[name] = id
		}
		for _, id := range b.order {
			s.setLoad(id, b.loads[id])
		}
		for name := range b.stores {
			s.stores[name] = true
		}
	}
	for _, name := range stored {
		id, _ := s.find(name)
		if outer, ok := s.parent.find(name); ok {
			s.setLoad(id, loading{kind: loadAlias, from: outer})
		} else {
			s.setLoad(id, loading{kind: loadContext})
		}
	}
}

// visit records the names of statements, except those in inner scopes.
func (s *scope) visit(body []syntax.Stmt) {
	for _, st := range body {
		s.visitStmt(st)
	}
}

func (s *scope) visitStmt(st syntax.Stmt) {
	switch n := st.(type) {
	case *syntax.Output:
		s.exprs(n.Exprs)
	case *syntax.For:
		s.expr(n.Iter)
	case *syntax.If:
		s.visitIf(n)
	case *syntax.Set:
		s.expr(n.Val)
		s.assign(n.Target, false)
	case *syntax.SetBlock:
		s.assign(n.Target, false)
	case *syntax.With:
		s.exprs(n.Vals)
	case *syntax.Macro:
		s.store(n.Name)
	case *syntax.CallBlock:
		s.expr(n.Call)
	case *syntax.FilterBlock:
		s.expr(n.Filter)
	case *syntax.Load:
		s.expr(n.Template)
		for _, name := range n.Targets {
			s.store(name)
		}
	}
}

func (s *scope) visitIf(n *syntax.If) {
	s.expr(n.Test)
	branch := func(visit func(*scope)) *scope {
		b := s.clone()
		visit(b)
		return b
	}
	body := branch(func(b *scope) { b.visit(n.Body) })
	elifs := branch(func(b *scope) {
		for _, e := range n.Elifs {
			b.visitIf(e)
		}
	})
	alt := branch(func(b *scope) { b.visit(n.Alt) })
	s.merge(body, elifs, alt)
}

// assign records the names of an assignment target.
func (s *scope) assign(target syntax.Node, param bool) {
	switch n := target.(type) {
	case *syntax.Name:
		if param {
			s.declare(n.Name)
		} else {
			s.store(n.Name)
		}
	case *syntax.NamespaceAttr:
		s.use(n.Name)
	case *syntax.Tuple:
		for _, item := range n.Items {
			s.assign(item, param)
		}
	}
}

func (s *scope) exprs(ns []syntax.Node) {
	for _, n := range ns {
		s.expr(n)
	}
}

// expr records the names that an expression reads.
func (s *scope) expr(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			s.use(n.Name)
		case *syntax.NamespaceAttr:
			s.use(n.Name)
		}
		return true
	})
}
