package jinja

import (
	"fmt"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// loopVar is the variable "loop" of a for loop.
type loopVar struct {
	st       *python.Thread
	iterable any              // what the loop iterates over
	it       *python.Iterator // the elements not yet read
	index0   int              // index of the current element; -1 before the first
	depth0   int              // depth of a recursive loop; the outermost is 0
	known    int              // 1 + length; 0: not known yet
	peeked   bool             // peek has read ahead
	after    any              // the element that peek has read
	ended    bool             // peek has found no more elements
	before   any              // the previous element
	current  any
	changed  value.Tuple     // arguments of the last call of loop.changed
	asked    bool            // loop.changed has been called
	again    python.Callable // called by loop(…); nil unless the loop is recursive
}

// TypeName is part of value.Object.
func (l *loopVar) TypeName() string { return "LoopContext" }

// Repr is part of value.Object.
func (l *loopVar) Repr() string {
	n, err := l.Len()
	if err != nil {
		n = 0
	}
	return fmt.Sprintf("<LoopContext %d/%d>", l.index0+1, n)
}

// Str is part of value.Object.
func (l *loopVar) Str() string { return l.Repr() }

// Truth is part of value.Object.
func (l *loopVar) Truth() bool {
	n, err := l.Len()
	return err != nil || n > 0
}

// Iterator is part of python.Iterable. It advances the loop.
func (l *loopVar) Iterator() *python.Iterator {
	return &python.Iterator{Kind: "LoopContext", Next: func(st *python.Thread) (any, bool, error) {
		var x any
		if l.peeked && !l.ended {
			x, l.peeked = l.after, false
		} else {
			v, ok, err := l.it.Next(st)
			if err != nil || !ok {
				return nil, false, err
			}
			x = v
		}
		l.index0++
		l.before, l.current = l.current, x
		return x, true, nil
	}}
}

func (l *loopVar) Len() (int, error) {
	if l.known > 0 {
		return l.known - 1, nil
	}
	n, err := python.Len(l.iterable)
	if err != nil {
		rest, err := python.Collect(l.st, l.it)
		if err != nil {
			return 0, err
		}
		l.it = python.IteratorOf("list_iterator", rest)
		n = len(rest) + l.index0 + 1
		if l.peeked && !l.ended {
			n++
		}
	}
	l.known = n + 1
	return n, nil
}

// peek returns the next element without advancing the loop; false means that there is none.
func (l *loopVar) peek() (any, bool, error) {
	if l.peeked && !l.ended {
		return l.after, true, nil
	}
	v, ok, err := l.it.Next(l.st)
	l.peeked, l.ended, l.after = true, !ok, v
	return v, ok, err
}

func (l *loopVar) Attribute(name string) (any, bool, error) {
	switch name {
	case "index0":
		return int64(l.index0), true, nil
	case "index":
		return int64(l.index0 + 1), true, nil
	case "first":
		return l.index0 == 0, true, nil
	case "depth":
		return int64(l.depth0 + 1), true, nil
	case "depth0":
		return int64(l.depth0), true, nil
	case "length":
		n, err := l.Len()
		return int64(n), true, err
	case "revindex0":
		n, err := l.Len()
		return int64(n - l.index0 - 1), true, err
	case "revindex":
		n, err := l.Len()
		return int64(n - l.index0), true, err
	case "cycle", "changed":
		return python.Bind(loopMethods[name], l), true, nil
	}
	return l.neighbour(name)
}

// neighbour returns an attribute that depends on the next or the previous element.
func (l *loopVar) neighbour(name string) (any, bool, error) {
	switch name {
	case "last":
		_, ok, err := l.peek()
		return !ok, true, err
	case "nextitem":
		v, ok, err := l.peek()
		if !ok {
			v = &undefined{hint: "there is no next item"}
		}
		return v, true, err
	case "previtem":
		if l.index0 == 0 {
			return &undefined{hint: "there is no previous item"}, true, nil
		}
		return l.before, true, nil
	}
	return nil, false, nil
}

func (l *loopVar) Call(st *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	if l.again == nil {
		return nil, exception.TypeErrorf("The loop must have the 'recursive' marker to be called recursively.")
	}
	return l.again.Call(st, pos, kw)
}

// loopMethods are the methods of the variable "loop".
var loopMethods = python.Table(
	python.Def("cycle", "self, *args", func(_ *python.Thread, a []any) (any, error) {
		args := a[1].(value.Tuple)
		if len(args) == 0 {
			return nil, exception.TypeErrorf("no items for cycling given")
		}
		return args[a[0].(*loopVar).index0%len(args)], nil
	}),
	python.Def("changed", "self, *value", func(th *python.Thread, a []any) (any, error) {
		l, args := a[0].(*loopVar), a[1].(value.Tuple)
		if l.asked {
			if same, err := python.Equal(th, l.changed, args); same || err != nil {
				return false, err
			}
		}
		l.changed, l.asked = append(value.Tuple{}, args...), true
		return true, nil
	}),
)
