package jinja

import (
	"errors"
	"math"
	"math/big"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// errNotConst says that an expression must be evaluated at run time.
var errNotConst = errors.New("expression is not constant")

// maxFoldSteps limits the work at compile time.
const maxFoldSteps = 20_000

// fold evaluates an expression without variables at compile time, as Jinja does. The rules are less
// strict than at run time: a slice of a value without items is undefined instead of an error.
func (c *compiler) fold(n syntax.Node) (any, error) {
	if f, ok := c.folds[n]; ok {
		return f.val, f.err
	}
	th := &state{tmpl: c.tmpl, lib: library}
	th.Start(th, templateHooks)
	th.Allow(maxFoldSteps)
	v, err := foldIn(&th.Thread, n)
	c.folds[n] = foldResult{v, err}
	return v, err
}

// foldResult is a stored result of fold.
type foldResult struct {
	val any
	err error
}

// trial replaces an error by errNotConst. The evaluation at run time raises the error again.
func trial(v any, err error) (any, error) {
	if err != nil {
		return nil, errNotConst
	}
	return v, nil
}

func foldIn(th *python.Thread, n syntax.Node) (any, error) {
	if err := th.Step(1); err != nil {
		return nil, errNotConst
	}
	switch n := n.(type) {
	case *syntax.Const:
		return n.Val, nil
	case *syntax.Tuple:
		vs, err := foldAll(th, n.Items)
		return value.Tuple(vs), err
	case *syntax.List:
		vs, err := foldAll(th, n.Items)
		if err != nil {
			return nil, err
		}
		return python.ListOf(vs), nil
	case *syntax.Dict:
		return foldDict(th, n)
	case *syntax.Slice:
		return foldSlice(th, n)
	case *syntax.Attr:
		o, err := foldIn(th, n.Obj)
		if err != nil {
			return nil, err
		}
		return trial(getAttr(th, o, n.Name))
	case *syntax.Item:
		vs, err := foldAll(th, []syntax.Node{n.Obj, n.Arg})
		if err != nil {
			return nil, err
		}
		return trial(getItem(th, vs[0], vs[1]))
	case *syntax.Filter:
		return foldCall(th, library.filters[n.Name], n.Obj, &n.Args)
	case *syntax.Test:
		return foldCall(th, library.tests[n.Name], n.Obj, &n.Args)
	case *syntax.Concat:
		vs, err := foldAll(th, n.Parts)
		if err != nil {
			return nil, err
		}
		return trial(concat(th, vs))
	case *syntax.Cond:
		return foldCond(th, n)
	}
	return foldOperator(th, n)
}

func foldOperator(th *python.Thread, n syntax.Node) (any, error) {
	switch n := n.(type) {
	case *syntax.Binary:
		vs, err := foldAll(th, []syntax.Node{n.L, n.R})
		if err != nil {
			return nil, err
		}
		return trial(operator.Binary(th, n.Op, vs[0], vs[1]))
	case *syntax.And:
		return foldLogic(th, n.L, n.R, false)
	case *syntax.Or:
		return foldLogic(th, n.L, n.R, true)
	case *syntax.Not:
		v, err := foldIn(th, n.X)
		if err != nil {
			return nil, err
		}
		return !value.Truth(v), nil
	case *syntax.Unary:
		v, err := foldIn(th, n.X)
		if err != nil {
			return nil, err
		}
		return trial(operator.Unary(n.Minus, v))
	case *syntax.Compare:
		a, err := foldIn(th, n.First)
		if err != nil {
			return nil, err
		}
		for i, r := range n.Rest {
			b, err := foldIn(th, r)
			if err != nil {
				return nil, errNotConst
			}
			ok, err := python.Compare(th, n.Ops[i], a, b)
			if err != nil {
				return nil, errNotConst
			}
			if !ok {
				return false, nil
			}
			a = b
		}
		return true, nil
	}
	return nil, errNotConst
}

func foldAll(th *python.Thread, ns []syntax.Node) ([]any, error) {
	vs := make([]any, len(ns))
	for i, n := range ns {
		var err error
		if vs[i], err = foldIn(th, n); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

func foldDict(th *python.Thread, n *syntax.Dict) (any, error) {
	d := value.NewDict(len(n.Keys))
	for i := range n.Keys {
		vs, err := foldAll(th, []syntax.Node{n.Keys[i], n.Vals[i]})
		if err != nil {
			return nil, err
		}
		if err := python.SetItem(th, d, vs[0], vs[1]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func foldSlice(th *python.Thread, n *syntax.Slice) (any, error) {
	s := &python.Slice{}
	for _, p := range []struct {
		n syntax.Node
		v *any
	}{{n.Start, &s.Start}, {n.Stop, &s.Stop}, {n.Step, &s.Step}} {
		if p.n == nil {
			continue
		}
		v, err := foldIn(th, p.n)
		if err != nil {
			return nil, err
		}
		*p.v = v
	}
	return s, nil
}

func foldLogic(th *python.Thread, l, r syntax.Node, stop bool) (any, error) {
	v, err := foldIn(th, l)
	if err != nil || value.Truth(v) == stop {
		return v, err
	}
	return foldIn(th, r)
}

func foldCond(th *python.Thread, n *syntax.Cond) (any, error) {
	v, err := foldIn(th, n.Test)
	switch {
	case err != nil:
		return nil, err
	case value.Truth(v):
		return foldIn(th, n.A)
	case n.B == nil:
		return nil, errNotConst
	}
	return foldIn(th, n.B)
}

func foldCall(th *python.Thread, b *python.Builtin, obj syntax.Node, a *syntax.Args) (any, error) {
	if b == nil || b.Volatile || obj == nil {
		return nil, errNotConst
	}
	pos, err := foldAll(th, append([]syntax.Node{obj}, a.Pos...))
	if err != nil {
		return nil, err
	}
	vals, err := foldAll(th, a.Kw)
	if err != nil {
		return nil, err
	}
	var kw []python.Keyword
	for i, v := range vals {
		kw = append(kw, python.Keyword{Name: a.Names[i], Val: v})
	}
	if a.Star != nil {
		v, err := foldIn(th, a.Star)
		if err != nil {
			return nil, err
		}
		items, err := python.Collect(th, v)
		if err != nil {
			return nil, errNotConst
		}
		pos = append(pos, items...)
	}
	if a.Dstar != nil {
		v, err := foldIn(th, a.Dstar)
		if err != nil {
			return nil, err
		}
		if kw, err = appendKeywords(kw, v); err != nil {
			return nil, errNotConst
		}
	}
	return trial(b.Call(th, pos, kw))
}

// maxFoldNodes limits the size of values that are computed at compile time.
const maxFoldNodes = 2000

// foldable reports whether a value is small and plain enough to be part of compiled code.
func foldable(v any) bool {
	budget := maxFoldNodes
	return python.Fits(v, &budget) && plainValue(v)
}

// plainValue reports whether a value can be written as a literal.
func plainValue(v any) bool {
	switch v := v.(type) {
	case nil, bool, int64, *big.Int, float64, string, pytext.Markup:
		return true
	case value.Tuple:
		return allPlain(v)
	case *value.List:
		return allPlain(v.Values())
	case *value.Dict:
		for k, x := range v.AllKeys() {
			if !plainValue(k) || !plainValue(x) {
				return false
			}
		}
		return true
	}
	return false
}

func allPlain(vs []any) bool {
	for _, v := range vs {
		if !plainValue(v) {
			return false
		}
	}
	return true
}

// folded compiles the result of fold. If the template may change the value, each evaluation gets a
// copy. Jinja writes the value into its code as a Python literal. Infinities and NaN have no
// literal, so their evaluation fails.
func (c *compiler) folded(v any) expr {
	if !spellable(v) {
		return func(*state) (any, error) { return nil, exception.New(exception.NameError, "name 'inf' is not defined") }
	}
	if !c.tmpl.mutates {
		return always(v)
	}
	return func(st *state) (any, error) {
		if err := st.Weigh(v); err != nil {
			return nil, err
		}
		return value.Clone(v), nil
	}
}

// spellable reports whether all numbers in a value have a Python literal.
func spellable(v any) bool {
	switch v := v.(type) {
	case float64:
		return !math.IsInf(v, 0) && !math.IsNaN(v)
	case value.Tuple:
		return allSpellable(v)
	case *value.List:
		return allSpellable(v.Values())
	case *value.Dict:
		for _, x := range v.AllKeys() {
			if !spellable(x) {
				return false
			}
		}
	}
	return true
}

func allSpellable(vs []any) bool {
	for _, v := range vs {
		if !spellable(v) {
			return false
		}
	}
	return true
}
