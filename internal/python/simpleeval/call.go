package simpleeval

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/value"
)

func (c *compiler) attribute(n *expression.Attribute) code {
	if private(n.Name) {
		return fails(n, notAvailable, "the attribute %s is not available", n.Name)
	}
	of, name := c.node(n.Of), n.Name
	return func(e *Evaluator) (any, error) {
		o, err := of(e)
		if err != nil {
			return nil, err
		}
		v, err := attribute(&e.Thread, o, name)
		if err != nil {
			return nil, at(n, err)
		}
		return v, nil
	}
}

// attribute is v.name: the attribute or, if there is none, the item.
func attribute(th *python.Thread, v any, name string) (any, error) {
	x, found, err := python.GetAttr(th, v, name)
	if found || err != nil {
		return x, err
	}
	x, err = python.GetItem(th, v, name)
	if exception.Is(err, exception.KeyError, exception.TypeError) {
		return nil, exception.New(noAttribute, "'%s' object has no attribute '%s'", value.TypeName(v), name)
	}
	return x, err
}

// call compiles a call of a method or of a function; a variable can not be called.
func (c *compiler) call(n *expression.Call) code {
	args := c.arguments(n)
	switch fn := n.Fn.(type) {
	case *expression.Attribute:
		return c.methodCall(n, fn, args)
	case *expression.Name:
		f, ok := functions[fn.Name]
		if !ok {
			return fails(n, noFunction, "the function %s is not defined", fn.Name)
		}
		return func(e *Evaluator) (any, error) {
			v, err := args.call(e, f)
			return v, at(n, err)
		}
	}
	return fails(n, notAvailable, "only a function or a method can be called")
}

// methodCall compiles a.b(…). A built-in method is called without making a bound method first.
func (c *compiler) methodCall(n *expression.Call, fn *expression.Attribute, args *arguments) code {
	if private(fn.Name) {
		return fails(fn, notAvailable, "the attribute %s is not available", fn.Name)
	}
	of, name := c.node(fn.Of), fn.Name
	return func(e *Evaluator) (any, error) {
		o, err := of(e)
		if err != nil {
			return nil, err
		}
		base := len(e.Stack)
		defer func() { e.Stack = e.Stack[:base] }()
		if m, ok := hooks.Methods(o)[name]; ok {
			e.Stack = append(e.Stack, o)
			kw, err := args.push(e)
			if err != nil {
				return nil, err
			}
			v, err := m.Call(&e.Thread, e.Stack[base:], kw)
			return v, at(n, err)
		}
		f, err := attribute(&e.Thread, o, name)
		if err != nil {
			return nil, at(fn, err)
		}
		v, err := args.call(e, f)
		return v, at(n, err)
	}
}

// arguments are the compiled arguments of a call.
type arguments struct {
	pos   []code
	names []string // of kw
	kw    []code
}

func (c *compiler) arguments(n *expression.Call) *arguments {
	a := &arguments{pos: c.nodes(n.Args)}
	for _, k := range n.Keywords {
		val := c.node(k.Val)
		if k.Name == "" {
			val = fails(k.Val, exception.TypeError, "** is not available in a call")
		}
		a.names, a.kw = append(a.names, k.Name), append(a.kw, val)
	}
	return a
}

// push evaluates the arguments. It pushes the positional ones onto the stack.
func (a *arguments) push(e *Evaluator) ([]python.Keyword, error) {
	for _, arg := range a.pos {
		v, err := arg(e)
		if err != nil {
			return nil, err
		}
		e.Stack = append(e.Stack, v)
	}
	var kw []python.Keyword
	for i, arg := range a.kw {
		v, err := arg(e)
		if err != nil {
			return nil, err
		}
		kw = append(kw, python.Keyword{Name: a.names[i], Val: v})
	}
	return kw, nil
}

func (a *arguments) call(e *Evaluator, f any) (any, error) {
	base := len(e.Stack)
	defer func() { e.Stack = e.Stack[:base] }()
	kw, err := a.push(e)
	if err != nil {
		return nil, err
	}
	return python.Call(&e.Thread, f, e.Stack[base:], kw)
}
