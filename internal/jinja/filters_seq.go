package jinja

import (
	"errors"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func filterDefault(_ *python.Thread, a []any) (any, error) {
	if isUndefined(a[0]) || value.Truth(a[2]) && !value.Truth(a[0]) {
		return a[1], nil
	}
	return a[0], nil
}

func filterLength(th *python.Thread, a []any) (any, error) {
	n, err := python.Len(a[0])
	if _, ok := pytext.Of(a[0]); ok {
		err = th.SpendText(n)
	}
	return int64(n), err
}

func filterList(th *python.Thread, a []any) (any, error) {
	items, err := python.Collect(th, a[0])
	if err != nil {
		return nil, err
	}
	return python.ListOf(items), nil
}

func filterFirst(th *python.Thread, a []any) (any, error) {
	if d, ok := python.AsDict(a[0]); ok {
		if err := th.Spend(d); err != nil {
			return nil, err
		}
	}
	it, err := python.Iter(a[0])
	if err != nil {
		return nil, err
	}
	v, ok, err := it.Next(th)
	if err == nil && !ok {
		return &undefined{hint: "No first item, sequence was empty."}, nil
	}
	return v, err
}

// backwards returns the items of v in reverse order. It fails for a value that Python's reversed()
// refuses.
func backwards(th *python.Thread, v any) ([]any, error) {
	switch x := v.(type) {
	case *value.List:
		return method.Reversed(x.Values()), nil
	case value.Tuple:
		return method.Reversed(x), nil
	case *value.Dict:
		return method.Reversed(python.DictKeys(x)), nil
	case *python.DictView:
		return method.Reversed(x.Items()), nil
	case python.TupleLike:
		return method.Reversed(x.Tuple()), nil
	}
	if s, ok := pytext.Of(v); ok {
		if err := th.Step(len(s)); err != nil {
			return nil, err
		}
		var items []any
		for _, c := range pytext.Characters(s) {
			items = append(items, c)
		}
		return method.Reversed(items), nil
	}
	if isUndefined(v) {
		return nil, nil
	}
	return nil, exception.TypeErrorf("'%s' object is not reversible", value.TypeName(v))
}

func filterLast(th *python.Thread, a []any) (any, error) {
	if l, ok := a[0].(*value.List); ok && l.Len() > 0 {
		return l.At(l.Len() - 1), nil
	}
	if s, ok := pytext.Of(a[0]); ok && s != "" {
		return s[len(s)-pytext.LastRuneLen(s):], nil
	}
	if err := th.Spend(a[0]); err != nil {
		return nil, err
	}
	items, err := backwards(th, a[0])
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return &undefined{hint: "No last item, sequence was empty."}, nil
	}
	return items[0], nil
}

func filterReverse(th *python.Thread, a []any) (any, error) {
	if s, ok := pytext.Of(a[0]); ok {
		var b strings.Builder
		for rest := s; rest != ""; {
			at := len(rest) - pytext.LastRuneLen(rest)
			b.WriteString(rest[at:])
			rest = rest[:at]
		}
		_, isSafe := a[0].(pytext.Markup)
		return pytext.MarkupIf(b.String(), isSafe), nil
	}
	items, err := backwards(th, a[0])
	if err == nil {
		kind := "reversed"
		switch x := a[0].(type) {
		case *value.List:
			kind = "list_reverseiterator"
		case *value.Dict:
			kind = "dict_reversekeyiterator"
		case *python.DictView:
			kind = "dict_reverse" + strings.TrimSuffix(x.Kind, "s") + "iterator"
		}
		return python.IteratorOf(kind, items), nil
	}
	if items, err = python.Collect(th, a[0]); err != nil {
		if exception.Is(err, exception.TypeError) {
			return nil, exception.New(filterArgument, "argument must be iterable")
		}
		return nil, err
	}
	return python.ListOf(method.Reversed(items)), nil
}

func filterRandom(th *python.Thread, a []any) (any, error) {
	n, err := python.Len(a[0])
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return &undefined{hint: "No random item, sequence was empty."}, nil
	}
	v, err := python.GetItem(th, a[0], int64(randomIndex(th, n)))
	if errors.Is(err, python.ErrNoIndex) {
		return &undefined{hint: "No random item, sequence was empty."}, nil
	}
	if errors.Is(err, python.ErrNoItems) {
		return nil, exception.TypeErrorf("'%s' object is not subscriptable", value.TypeName(a[0]))
	}
	return v, err
}

func filterJoin(th *python.Thread, a []any) (any, error) {
	sep, err := python.Str(th, a[1])
	if err != nil {
		return nil, err
	}
	get := getter(th, a[2], nil, false)
	var items []any
	err = python.Each(th, a[0], func(v any) error {
		if a[2] != nil {
			var err error
			if v, err = get(v); err != nil {
				return err
			}
		}
		items = append(items, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if stateOf(th).escape {
		return joinEscaped(th, items, a[1], sep)
	}
	var b strings.Builder
	for i, v := range items {
		s, err := python.Str(th, v)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
		if err := th.Grow(len(sep)+len(s), b.Len()); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

func joinEscaped(th *python.Thread, items []any, d any, sep string) (any, error) {
	var all []any
	for i, v := range items {
		if i > 0 {
			if _, ok := d.(pytext.Markup); ok {
				all = append(all, d)
			} else {
				all = append(all, sep)
			}
		}
		all = append(all, v)
	}
	return joinMarkup(th, all)
}

func filterItems(_ *python.Thread, a []any) (any, error) {
	source := a[0]
	var items []any
	started := false
	return python.Generator("do_items", func(*python.Thread) (any, bool, error) {
		if !started {
			started = true
			if d, ok := python.AsDict(source); ok {
				items = (python.NewDictView(d, "items")).Items()
			} else if !isUndefined(source) {
				return nil, false, exception.TypeErrorf("Can only get item pairs from a mapping.")
			}
		}
		if len(items) == 0 {
			return nil, false, nil
		}
		v := items[0]
		items = items[1:]
		return v, true, nil
	}), nil
}

func filterSum(th *python.Thread, a []any) (any, error) {
	sum := a[2]
	if _, ok := pytext.Of(sum); ok {
		return nil, exception.TypeErrorf("sum() can't sum strings [use ''.join(seq) instead]")
	}
	get := getter(th, a[1], nil, false)
	err := python.Each(th, a[0], func(v any) error {
		var err error
		if a[1] != nil {
			if v, err = get(v); err != nil {
				return err
			}
		}
		sum, err = operator.Binary(th, python.Add, sum, v)
		return err
	})
	return sum, err
}

// filterBatch groups the items into lists of linecount items.
func filterBatch(_ *python.Thread, a []any) (any, error) {
	source, count, fill := a[0], a[1], a[2]
	var it *python.Iterator
	done := false
	var pending []any
	return python.Generator("do_batch", func(th *python.Thread) (any, bool, error) {
		if done {
			return nil, false, nil
		}
		if it == nil {
			var err error
			if it, err = python.Iter(source); err != nil {
				return nil, false, err
			}
		}
		for {
			v, ok, err := it.Next(th)
			if err != nil {
				return nil, false, err
			}
			if !ok {
				done = true
				return lastBatch(th, pending, count, fill)
			}
			if full, _ := python.Equal(th, int64(len(pending)), count); full {
				full := pending
				pending = []any{v}
				return python.ListOf(full), true, nil
			}
			pending = append(pending, v)
			if err := th.Step(1); err != nil {
				return nil, false, err
			}
		}
	}), nil
}

func lastBatch(th *python.Thread, items []any, count, fill any) (any, bool, error) {
	if len(items) == 0 {
		return nil, false, nil
	}
	if fill != nil {
		n, err := number.IntArg(count)
		if err != nil {
			return nil, false, err
		}
		if err := th.Step(max(n, 0)); err != nil {
			return nil, false, err
		}
		for len(items) < n {
			items = append(items, fill)
		}
	}
	return python.ListOf(items), true, nil
}

// filterSlice divides the items into a number of lists of about the same length.
func filterSlice(_ *python.Thread, a []any) (any, error) {
	source, count, fill := a[0], a[1], a[2]
	var items []any
	i, n, offset, started := 0, 0, 0, false
	return python.Generator("sync_do_slice", func(th *python.Thread) (any, bool, error) {
		if !started {
			started = true
			var err error
			if items, err = python.Collect(th, source); err != nil {
				return nil, false, err
			}
			if n, err = number.IntArg(count); err != nil {
				return nil, false, err
			}
			if n == 0 {
				return nil, false, exception.New(exception.ZeroDivisionError, "integer division or modulo by zero")
			}
		}
		if i >= n {
			return nil, false, th.Step(1)
		}
		per, extra := len(items)/n, len(items)%n
		start := offset + i*per
		if i < extra {
			offset++
		}
		part := append([]any{}, items[start:offset+(i+1)*per]...)
		if fill != nil && i >= extra {
			part = append(part, fill)
		}
		i++
		return python.ListOf(part), true, th.Step(1 + len(part))
	}), nil
}

// filterAttr looks up an attribute. Unlike a dot in a template, it does not look for an item.
func filterAttr(th *python.Thread, a []any) (any, error) {
	name, ok := pytext.Of(a[1])
	if !ok {
		return nil, exception.TypeErrorf("attribute name must be string, not '%s'", value.TypeName(a[1]))
	}
	v, found, err := python.GetAttr(th, a[0], name)
	if err != nil {
		return nil, err
	}
	if !found {
		return &undefined{name: name, of: a[0], member: true}, nil
	}
	return safe(a[0], name, v), nil
}
