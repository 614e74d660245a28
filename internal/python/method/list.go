package method

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// listMethods are the methods of list.
var listMethods = python.Table(
	python.Mutating(python.Quick(python.Def("append", "self, object, /", func(_ *python.Thread, a []any) (any, error) {
		a[0].(*value.List).Append(a[1])
		return nil, nil
	}))),
	python.Mutating(python.Def("clear", "self, /", func(_ *python.Thread, a []any) (any, error) {
		l := a[0].(*value.List)
		for l.Len() > 0 {
			l.Delete(l.Len() - 1)
		}
		return nil, nil
	})),
	python.Def("copy", "self, /", func(_ *python.Thread, a []any) (any, error) { return python.ListOf(a[0].(*value.List).Values()), nil }),
	python.Def("count", "self, value, /", func(th *python.Thread, a []any) (any, error) {
		return countItems(th, a[0].(*value.List).Values(), a[1])
	}),
	python.Mutating(python.Quick(python.Def("extend", "self, iterable, /", func(th *python.Thread, a []any) (any, error) {
		items, err := python.Collect(th, a[1])
		for _, v := range items {
			a[0].(*value.List).Append(v)
		}
		return nil, err
	}))),
	python.Def("index", "self, value, start=0, stop=None, /", func(th *python.Thread, a []any) (any, error) {
		return indexOf(th, a[0].(*value.List).Values(), a)
	}),
	python.Mutating(python.Quick(python.Def("insert", "self, index, object, /", func(th *python.Thread, a []any) (any, error) {
		i, err := number.IntArg(a[1])
		if err != nil {
			return nil, err
		}
		l := a[0].(*value.List)
		l.Insert(i, a[2])
		return nil, moved(th, l.Len(), i)
	}))),
	python.Mutating(python.Quick(python.Def("pop", "self, index=-1, /", func(th *python.Thread, a []any) (any, error) {
		l := a[0].(*value.List)
		i, err := number.IntArg(a[1])
		if err != nil {
			return nil, err
		}
		if l.Len() == 0 {
			return nil, exception.New(exception.IndexError, "pop from empty list")
		}
		if i < 0 {
			i += l.Len()
		}
		if i < 0 || i >= l.Len() {
			return nil, exception.New(exception.IndexError, "pop index out of range")
		}
		v := l.At(i)
		l.Delete(i)
		return v, moved(th, l.Len(), i)
	}))),
	python.Mutating(python.Def("remove", "self, value, /", func(th *python.Thread, a []any) (any, error) {
		l := a[0].(*value.List)
		for i, v := range l.All() {
			equal, err := python.Equal(th, v, a[1])
			if err != nil {
				return nil, err
			}
			if equal {
				l.Delete(i)
				return nil, nil
			}
		}
		return nil, exception.ValueErrorf("list.remove(x): x not in list")
	})),
	python.Mutating(python.Def("reverse", "self, /", func(_ *python.Thread, a []any) (any, error) {
		l := a[0].(*value.List)
		replaceItems(l, Reversed(l.Values()))
		return nil, nil
	})),
	python.Mutating(python.Def("sort", "self, *, key=None, reverse=False", func(th *python.Thread, a []any) (any, error) {
		l := a[0].(*value.List)
		items := l.Values()
		keys := items
		if a[1] != nil {
			keys = make([]any, len(items))
			for i, v := range items {
				var err error
				if keys[i], err = python.Call(th, a[1], []any{v}, nil); err != nil {
					return nil, err
				}
			}
		}
		items, err := python.SortBy(th, items, keys, value.Truth(a[2]))
		if err == nil {
			replaceItems(l, items)
		}
		return nil, err
	})),
)

// moved counts the elements of a list of n that move when one before them comes or goes, at i.
func moved(th *python.Thread, n, i int) error {
	if i < 0 {
		i = max(i+n, 0)
	}
	return th.Step(max(n-i, 0) / 8)
}

func replaceItems(l *value.List, items []any) {
	for i, v := range items {
		l.Set(i, v)
	}
}

// Reversed gives a copy of items in reverse order.
func Reversed(items []any) []any {
	out := make([]any, len(items))
	for i, v := range items {
		out[len(items)-1-i] = v
	}
	return out
}

func countItems(th *python.Thread, items []any, v any) (any, error) {
	n := int64(0)
	for _, x := range items {
		equal, err := python.Equal(th, x, v)
		if err != nil {
			return nil, err
		}
		if equal {
			n++
		}
	}
	return n, nil
}

// indexOf finds a[1] among the items between the indices a[2] and a[3].
func indexOf(th *python.Thread, items []any, a []any) (any, error) {
	start, stop, _, err := (&python.Slice{Start: a[2], Stop: a[3]}).Bounds(len(items))
	if err != nil {
		return nil, err
	}
	for i := start; i < stop; i++ {
		if equal, err := python.Equal(th, items[i], a[1]); equal || err != nil {
			return int64(i), err
		}
	}
	return nil, exception.ValueErrorf("%s is not in list", python.Brief(a[1]))
}

// tupleMethods are the methods of tuple.
var tupleMethods = python.Table(
	python.Def("count", "self, value, /", func(th *python.Thread, a []any) (any, error) { return countItems(th, a[0].(value.Tuple), a[1]) }),
	python.Def("index", "self, value, start=0, stop=None, /", func(th *python.Thread, a []any) (any, error) {
		return indexOf(th, a[0].(value.Tuple), a)
	}),
)

// setMethods are the methods of set.
var setMethods = python.Table(
	python.Mutating(python.Def("add", "self, elem, /", func(th *python.Thread, a []any) (any, error) {
		if _, err := python.Key(th, a[1]); err != nil {
			return nil, err
		}
		a[0].(*value.Set).Add(a[1])
		return nil, nil
	})),
	python.Def("copy", "self, /", func(_ *python.Thread, a []any) (any, error) { return a[0].(*value.Set).Clone(), nil }),
	setMethod("union", func(s, o *value.Set) any {
		u := s.Clone()
		for _, v := range o.All() {
			u.Add(v)
		}
		return u
	}),
	setMethod("intersection", func(s, o *value.Set) any { return pick(s, o, true) }),
	setMethod("difference", func(s, o *value.Set) any { return pick(s, o, false) }),
	setMethod("issubset", func(s, o *value.Set) any { return pick(s, o, true).Len() == s.Len() }),
	setMethod("issuperset", func(s, o *value.Set) any { return pick(o, s, true).Len() == o.Len() }),
	setMethod("isdisjoint", func(s, o *value.Set) any { return pick(s, o, true).Len() == 0 }),
)

func setMethod(name string, fn func(s, other *value.Set) any) *python.Builtin {
	return python.Def(name, "self, other, /", func(th *python.Thread, a []any) (any, error) {
		items, err := python.Collect(th, a[1])
		if err != nil {
			return nil, err
		}
		other := value.NewSet()
		for _, v := range items {
			if !other.Add(v) {
				return nil, python.Unhashable(v)
			}
		}
		return fn(a[0].(*value.Set), other), nil
	})
}

// pick gives the elements of s that o has or, if in is false, does not have.
func pick(s, o *value.Set, in bool) *value.Set {
	out := value.NewSet()
	for _, v := range s.All() {
		if o.Has(v) == in {
			out.Add(v)
		}
	}
	return out
}
