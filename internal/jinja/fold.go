package jinja

import (
	"errors"
	"math"
	"math/big"

	"anytap/internal/value"
)

// errNotConst says that an expression has to be computed at run time.
var errNotConst = errors.New("expression is not constant")

// maxFoldSteps bounds what is computed while a template is compiled.
const maxFoldSteps = 20_000

// fold computes an expression that does not depend on variables. Where the
// reference runtime computes it ahead, its rules are laxer than at run time: a
// slice of what has none is undefined instead of an error.
func (c *compiler) fold(n node) (any, error) {
	if f, ok := c.folds[n]; ok {
		return f.val, f.err
	}
	st := &state{tmpl: c.tmpl, lib: library}
	st.start(st, runtime)
	st.allow(maxFoldSteps)
	v, err := foldIn(&st.thread, n)
	c.folds[n] = foldResult{v, err}
	return v, err
}

// foldResult is what an expression gave when it was computed ahead.
type foldResult struct {
	val any
	err error
}

// trial hides an error of the computation: it will come again at run time.
func trial(v any, err error) (any, error) {
	if err != nil {
		return nil, errNotConst
	}
	return v, nil
}

func foldIn(st *thread, n node) (any, error) {
	if err := st.step(1); err != nil {
		return nil, errNotConst
	}
	switch n := n.(type) {
	case *constNode:
		return n.val, nil
	case *tupleNode:
		vs, err := foldAll(st, n.items)
		return value.Tuple(vs), err
	case *listNode:
		vs, err := foldAll(st, n.items)
		if err != nil {
			return nil, err
		}
		return listOf(vs), nil
	case *dictNode:
		return foldDict(st, n)
	case *sliceNode:
		return foldSlice(st, n)
	case *attrNode:
		o, err := foldIn(st, n.obj)
		if err != nil {
			return nil, err
		}
		return trial(getAttr(st, o, n.name))
	case *itemNode:
		vs, err := foldAll(st, []node{n.obj, n.arg})
		if err != nil {
			return nil, err
		}
		return trial(getItem(st, vs[0], vs[1]))
	case *filterNode:
		return foldCall(st, library.filters[n.name], n.obj, &n.args)
	case *testNode:
		return foldCall(st, library.tests[n.name], n.obj, &n.args)
	case *concatNode:
		vs, err := foldAll(st, n.parts)
		if err != nil {
			return nil, err
		}
		return concat(vs)
	case *condNode:
		return foldCond(st, n)
	}
	return foldOperator(st, n)
}

func foldOperator(st *thread, n node) (any, error) {
	switch n := n.(type) {
	case *binaryNode:
		vs, err := foldAll(st, []node{n.l, n.r})
		if err != nil {
			return nil, err
		}
		return trial(binaryOp(st, n.op, vs[0], vs[1]))
	case *andNode:
		return foldLogic(st, n.l, n.r, false)
	case *orNode:
		return foldLogic(st, n.l, n.r, true)
	case *notNode:
		v, err := foldIn(st, n.x)
		if err != nil {
			return nil, err
		}
		return !truth(v), nil
	case *unaryNode:
		v, err := foldIn(st, n.x)
		if err != nil {
			return nil, err
		}
		return trial(unaryOp(n.minus, v))
	case *compareNode:
		a, err := foldIn(st, n.first)
		if err != nil {
			return nil, err
		}
		for i, r := range n.rest {
			b, err := foldIn(st, r)
			if err != nil {
				return nil, errNotConst
			}
			ok, err := compareOp(st, n.ops[i], a, b)
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

func foldAll(st *thread, ns []node) ([]any, error) {
	vs := make([]any, len(ns))
	for i, n := range ns {
		var err error
		if vs[i], err = foldIn(st, n); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

func foldDict(st *thread, n *dictNode) (any, error) {
	d := value.NewDict(len(n.keys))
	for i := range n.keys {
		vs, err := foldAll(st, []node{n.keys[i], n.vals[i]})
		if err != nil {
			return nil, err
		}
		if err := setKey(d, vs[0], vs[1]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func foldSlice(st *thread, n *sliceNode) (any, error) {
	s := &sliceVal{}
	for _, p := range []struct {
		n node
		v *any
	}{{n.start, &s.start}, {n.stop, &s.stop}, {n.step, &s.step}} {
		if p.n == nil {
			continue
		}
		v, err := foldIn(st, p.n)
		if err != nil {
			return nil, err
		}
		*p.v = v
	}
	return s, nil
}

func foldLogic(st *thread, l, r node, stop bool) (any, error) {
	v, err := foldIn(st, l)
	if err != nil || truth(v) == stop {
		return v, err
	}
	return foldIn(st, r)
}

func foldCond(st *thread, n *condNode) (any, error) {
	v, err := foldIn(st, n.test)
	switch {
	case err != nil:
		return nil, err
	case truth(v):
		return foldIn(st, n.a)
	case n.b == nil:
		return nil, errNotConst
	}
	return foldIn(st, n.b)
}

func foldCall(st *thread, b *builtin, obj node, a *callArgs) (any, error) {
	if b == nil || b.volatile || obj == nil {
		return nil, errNotConst
	}
	pos, err := foldAll(st, append([]node{obj}, a.pos...))
	if err != nil {
		return nil, err
	}
	vals, err := foldAll(st, a.kw)
	if err != nil {
		return nil, err
	}
	var kw []kwarg
	for i, v := range vals {
		kw = append(kw, kwarg{a.names[i], v})
	}
	if a.star != nil {
		v, err := foldIn(st, a.star)
		if err != nil {
			return nil, err
		}
		items, err := collect(st, v)
		if err != nil {
			return nil, errNotConst
		}
		pos = append(pos, items...)
	}
	if a.dstar != nil {
		v, err := foldIn(st, a.dstar)
		if err != nil {
			return nil, err
		}
		if kw, err = appendKeywords(kw, v); err != nil {
			return nil, errNotConst
		}
	}
	return trial(b.Call(st, pos, kw))
}

// maxFoldNodes bounds the values that are computed ahead.
const maxFoldNodes = 2000

// foldable reports whether a value can stand in compiled code.
func foldable(v any) bool {
	budget := maxFoldNodes
	return fits(v, &budget) && plainValue(v)
}

// plainValue reports whether a value is made of what has literals.
func plainValue(v any) bool {
	switch v := v.(type) {
	case nil, bool, int64, *big.Int, float64, string, markup:
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

// folded compiles a value computed ahead; a container is made anew each time if
// the template may change it. Infinities have no literal, which the reference runtime notices when it gets
// there.
func (c *compiler) folded(v any) expr {
	if !spellable(v) {
		return func(*state) (any, error) { return nil, raise(nameError, "name 'inf' is not defined") }
	}
	if !c.tmpl.mutates {
		return always(v)
	}
	return func(*state) (any, error) { return value.Clone(v), nil }
}

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
