package jinja

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// randomIndex is a random number below n; 0 where nothing is random.
func randomIndex(th *python.Thread, n int) int {
	if still(th) {
		return 0
	}
	return rand.IntN(n)
}

// still reports whether nothing may be random: see Env.Still.
func still(th *python.Thread) bool {
	e := stateOf(th).env
	return e != nil && e.still
}

// attributePath splits the argument "attribute" of a filter, such as "a.0.b", into names and
// indexes.
func attributePath(attr any) []any {
	if attr == nil {
		return nil
	}
	s, ok := pytext.Of(attr)
	if !ok {
		return []any{attr}
	}
	var path []any
	for _, p := range strings.Split(s, ".") {
		if pytext.All(p, pytext.IsDigit) {
			if n, err := strconv.ParseInt(p, 10, 64); err == nil {
				path = append(path, n)
				continue
			}
		}
		path = append(path, p)
	}
	return path
}

// ignoreCase converts text to lower case for comparisons. Other values stay as they are.
func ignoreCase(v any) any {
	if s, ok := pytext.Of(v); ok {
		return pytext.Lower(s)
	}
	return v
}

// getter makes a function that looks up an attribute path in a value. Unless dflt is nil, it
// replaces what is undefined on the path. If ignore is set, the function converts the result to
// lower case.
func getter(th *python.Thread, attr, dflt any, ignore bool) func(any) (any, error) {
	path := attributePath(attr)
	return func(v any) (any, error) {
		if err := th.Step(1 + len(path)); err != nil {
			return nil, err
		}
		for _, p := range path {
			var err error
			if v, err = getItem(th, v, p); err != nil {
				return nil, err
			}
			if dflt != nil && isUndefined(v) {
				v = dflt
			}
		}
		if ignore {
			v = ignoreCase(v)
			return v, th.Spend(v)
		}
		return v, nil
	}
}

func keysOf(items []any, get func(any) (any, error)) ([]any, error) {
	keys := make([]any, len(items))
	for i, v := range items {
		var err error
		if keys[i], err = get(v); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func filterSort(th *python.Thread, a []any) (any, error) {
	attrs := []any{a[3]}
	if s, ok := pytext.Of(a[3]); ok {
		attrs = nil
		for _, p := range strings.Split(s, ",") {
			attrs = append(attrs, p)
		}
	}
	items, err := python.Collect(th, a[0])
	if err != nil {
		return nil, err
	}
	columns := make([][]any, len(attrs))
	for i, attr := range attrs {
		if columns[i], err = keysOf(items, getter(th, attr, nil, !value.Truth(a[2]))); err != nil {
			return nil, err
		}
	}
	return python.Sorted(th, items, value.Truth(a[1]), func(i, j int) (bool, error) {
		for _, keys := range columns {
			equal, err := python.Equal(th, keys[i], keys[j])
			if err != nil {
				return false, err
			}
			if !equal {
				return python.Order(th, python.Lt, keys[i], keys[j])
			}
		}
		return false, nil
	})
}

func filterDictSort(th *python.Thread, a []any) (any, error) {
	by, _ := pytext.Of(a[2])
	if by != "key" && by != "value" {
		return nil, exception.New(filterArgument, `You can only sort by either "key" or "value"`)
	}
	d, ok := python.AsDict(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "items")
	}
	items := (python.NewDictView(d, "items")).Items()
	keys := make([]any, len(items))
	at := 0
	if by == "value" {
		at = 1
	}
	for i, v := range items {
		keys[i] = v.(value.Tuple)[at]
		if !value.Truth(a[1]) {
			keys[i] = ignoreCase(keys[i])
		}
	}
	return python.Sorted(th, items, value.Truth(a[3]), func(i, j int) (bool, error) { return python.Order(th, python.Lt, keys[i], keys[j]) })
}

func filterUnique(_ *python.Thread, a []any) (any, error) {
	source, ignore, attr := a[0], !value.Truth(a[1]), a[2]
	var it *python.Iterator
	seen := map[any]bool{}
	return python.Generator("sync_do_unique", func(th *python.Thread) (any, bool, error) {
		if it == nil {
			var err error
			if it, err = python.Iter(source); err != nil {
				return nil, false, err
			}
		}
		get := getter(th, attr, nil, ignore)
		for {
			v, ok, err := it.Next(th)
			if err != nil || !ok {
				return nil, false, err
			}
			if err := th.Step(1); err != nil {
				return nil, false, err
			}
			k, err := get(v)
			if err != nil {
				return nil, false, err
			}
			h, err := python.Key(th, k)
			if err != nil {
				return nil, false, err
			}
			if !seen[h] {
				seen[h] = true
				return v, true, nil
			}
		}
	}), nil
}

// extremeFilter makes the filters max and min.
func extremeFilter(name string) func(*python.Thread, []any) (any, error) {
	return func(th *python.Thread, a []any) (any, error) {
		items, err := python.Collect(th, a[0])
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return &undefined{hint: "No aggregated item, sequence was empty."}, nil
		}
		keys, err := keysOf(items, getter(th, a[2], nil, !value.Truth(a[1])))
		if err != nil {
			return nil, err
		}
		return python.Best(th, name, items, keys)
	}
}

// groupTuple is one group of groupby: its key and its items.
type groupTuple struct {
	key   any
	items *value.List
}

// TypeName is part of value.Object.
func (*groupTuple) TypeName() string { return "_GroupTuple" }

// Repr is part of value.Object.
func (g *groupTuple) Repr() string { return value.Repr(g.Tuple()) }

// Str is part of value.Object.
func (g *groupTuple) Str() string { return g.Repr() }

// Truth is part of value.Object.
func (*groupTuple) Truth() bool { return true }

func (g *groupTuple) Tuple() value.Tuple { return value.Tuple{g.key, g.items} }

func (g *groupTuple) Held() any { return g.Tuple() }

func (g *groupTuple) Attribute(name string) (any, bool, error) {
	switch name {
	case "grouper":
		return g.key, true, nil
	case "list":
		return g.items, true, nil
	case "count", "index":
		return python.Bind(method.Of(g.Tuple())[name], g.Tuple()), true, nil
	}
	return nil, false, nil
}

func filterGroupBy(th *python.Thread, a []any) (any, error) {
	items, err := python.Collect(th, a[0])
	if err != nil {
		return nil, err
	}
	get := getter(th, a[1], a[2], !value.Truth(a[3]))
	keys, err := keysOf(items, get)
	if err != nil {
		return nil, err
	}
	l, err := python.Sorted(th, items, false, func(i, j int) (bool, error) { return python.Order(th, python.Lt, keys[i], keys[j]) })
	if err != nil {
		return nil, err
	}
	out := value.NewList()
	var cur *groupTuple
	var last any
	for _, v := range l.All() {
		k, err := get(v)
		if err != nil {
			return nil, err
		}
		same, err := python.Equal(th, k, last)
		if err != nil {
			return nil, err
		}
		if cur == nil || !same {
			cur = &groupTuple{key: k, items: value.NewList()}
			out.Append(cur)
			if !value.Truth(a[3]) {
				// Keys that differ only in case are one group. Its key is spelled as in its first
				// item.
				if cur.key, err = getter(th, a[1], a[2], false)(v); err != nil {
					return nil, err
				}
			}
		}
		last = k
		cur.items.Append(v)
	}
	return out, nil
}

// filterMap applies a filter to each item, or looks up an attribute of it.
func filterMap(_ *python.Thread, a []any) (any, error) {
	source, args, kw := a[0], a[1].(value.Tuple), a[2].(*value.Dict)
	return lazily("sync_do_map", source, func(th *python.Thread) (func(any) (any, bool, error), error) {
		if attr, ok := kw.Get("attribute"); ok && len(args) == 0 {
			dflt, hasDefault := kw.Get("default")
			if kw.Len() > 2 || kw.Len() == 2 && !hasDefault {
				return nil, exception.New(filterArgument, "Unexpected keyword argument")
			}
			get := getter(th, attr, dflt, false)
			return func(v any) (any, bool, error) {
				v, err := get(v)
				return v, true, err
			}, nil
		}
		if len(args) == 0 {
			return nil, exception.New(filterArgument, "map requires a filter argument")
		}
		return func(v any) (any, bool, error) {
			v, err := callNamed(th, stateOf(th).lib.filters, "filter", v, args, kw)
			return v, true, err
		}, nil
	}), nil
}

// lazily makes a generator over the items of source. It calls prepare before the first item, unless
// source is empty. prepare returns a function that converts an item, or drops it by returning
// false.
func lazily(name string, source any, prepare func(*python.Thread) (func(any) (any, bool, error), error)) *python.Iterator {
	var it *python.Iterator
	var fn func(any) (any, bool, error)
	return python.Generator(name, func(th *python.Thread) (any, bool, error) {
		if it == nil {
			if !value.Truth(source) {
				return nil, false, nil
			}
			var err error
			if fn, err = prepare(th); err != nil {
				return nil, false, err
			}
			if it, err = python.Iter(source); err != nil {
				return nil, false, err
			}
		}
		for {
			v, ok, err := it.Next(th)
			if err != nil || !ok {
				return nil, false, err
			}
			if err := th.Step(1); err != nil {
				return nil, false, err
			}
			v, ok, err = fn(v)
			if err != nil || ok {
				return v, ok, err
			}
		}
	})
}

// callNamed calls the filter or test with the name args[0] on v. The rest of args and kw are its
// arguments. what is "filter" or "test".
func callNamed(th *python.Thread, table map[string]*python.Builtin, what string, v any, args value.Tuple, kw *value.Dict) (any, error) {
	if _, err := python.Key(th, args[0]); err != nil {
		return nil, err
	}
	name, _ := pytext.Of(args[0])
	b, ok := table[name]
	if !ok {
		return nil, exception.New(runtimeError, "No %s named %s.", what, python.Brief(args[0]))
	}
	pos := append([]any{v}, args[1:]...)
	var kws []python.Keyword
	for k, x := range kw.All() {
		kws = append(kws, python.Keyword{Name: k, Val: x})
	}
	return b.Call(th, pos, kws)
}

// selector makes the filters that select items by a test (keep) or reject them. If byAttr is set,
// the test is for an attribute of the item.
func selector(keep, byAttr bool) func(*python.Thread, []any) (any, error) {
	return func(_ *python.Thread, a []any) (any, error) {
		source, args, kw := a[0], a[1].(value.Tuple), a[2].(*value.Dict)
		return lazily("select_or_reject", source, func(th *python.Thread) (func(any) (any, bool, error), error) {
			get := getter(th, nil, nil, false)
			rest := args
			if byAttr {
				if len(args) == 0 {
					return nil, exception.New(filterArgument, "Missing parameter for attribute name")
				}
				get, rest = getter(th, args[0], nil, false), args[1:]
			}
			return func(v any) (any, bool, error) {
				x, err := get(v)
				if err != nil {
					return nil, false, err
				}
				if len(rest) > 0 {
					if x, err = callNamed(th, stateOf(th).lib.tests, "test", x, rest, kw); err != nil {
						return nil, false, err
					}
				}
				return v, value.Truth(x) == keep, nil
			}, nil
		}), nil
	}
}
