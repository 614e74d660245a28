package jinja

import (
	"errors"
	"strings"

	"anytap/internal/value"
)

func filterDefault(_ *thread, a []any) (any, error) {
	if isUndefined(a[0]) || truth(a[2]) && !truth(a[0]) {
		return a[1], nil
	}
	return a[0], nil
}

func filterLength(_ *thread, a []any) (any, error) {
	n, err := pyLen(a[0])
	return int64(n), err
}

func filterList(st *thread, a []any) (any, error) {
	items, err := collect(st, a[0])
	if err != nil {
		return nil, err
	}
	return listOf(items), nil
}

func filterFirst(st *thread, a []any) (any, error) {
	it, err := iterate(a[0])
	if err != nil {
		return nil, err
	}
	v, ok, err := it.next(st)
	if err == nil && !ok {
		return &undefined{hint: "No first item, sequence was empty."}, nil
	}
	return v, err
}

// backwards returns the items of what Python can go through backwards.
func backwards(v any) ([]any, error) {
	switch x := v.(type) {
	case *value.List:
		return reversed(x.Values()), nil
	case value.Tuple:
		return reversed(x), nil
	case *value.Dict:
		return reversed(dictKeys(x)), nil
	case *dictView:
		return reversed(x.items()), nil
	case tupleLike:
		return reversed(x.Tuple()), nil
	}
	if s, ok := text(v); ok {
		var items []any
		for _, c := range characters(s) {
			items = append(items, c)
		}
		return reversed(items), nil
	}
	if isUndefined(v) {
		return nil, nil
	}
	return nil, raiseType("'%s' object is not reversible", value.TypeName(v))
}

func filterLast(_ *thread, a []any) (any, error) {
	items, err := backwards(a[0])
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return &undefined{hint: "No last item, sequence was empty."}, nil
	}
	return items[0], nil
}

func filterReverse(st *thread, a []any) (any, error) {
	if s, ok := text(a[0]); ok {
		chars := characters(s)
		var b strings.Builder
		for i := len(chars) - 1; i >= 0; i-- {
			b.WriteString(chars[i])
		}
		_, isSafe := a[0].(markup)
		return likeInput(b.String(), isSafe), nil
	}
	items, err := backwards(a[0])
	if err == nil {
		kind := "reversed"
		switch x := a[0].(type) {
		case *value.List:
			kind = "list_reverseiterator"
		case *value.Dict:
			kind = "dict_reversekeyiterator"
		case *dictView:
			kind = "dict_reverse" + strings.TrimSuffix(x.kind, "s") + "iterator"
		}
		return sliceIterator(kind, items), nil
	}
	if items, err = collect(st, a[0]); err != nil {
		if isClass(err, typeError) {
			return nil, raise(filterArgument, "argument must be iterable")
		}
		return nil, err
	}
	return listOf(reversed(items)), nil
}

func filterRandom(st *thread, a []any) (any, error) {
	n, err := pyLen(a[0])
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return &undefined{hint: "No random item, sequence was empty."}, nil
	}
	v, err := subscript(a[0], int64(randomIndex(n)))
	if errors.Is(err, errNoIndex) {
		return &undefined{hint: "No random item, sequence was empty."}, nil
	}
	if errors.Is(err, errNoItems) {
		return nil, raiseType("'%s' object is not subscriptable", value.TypeName(a[0]))
	}
	return v, err
}

func filterJoin(st *thread, a []any) (any, error) {
	sep, err := str(a[1])
	if err != nil {
		return nil, err
	}
	get := getter(st, a[2], nil, false)
	var items []any
	err = each(st, a[0], func(v any) error {
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
	if stateOf(st).escape {
		return joinEscaped(items, a[1], sep)
	}
	var b strings.Builder
	for i, v := range items {
		s, err := str(v)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
		if err := room(b.Len()); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

func joinEscaped(items []any, d any, sep string) (any, error) {
	var all []any
	for i, v := range items {
		if i > 0 {
			if _, ok := d.(markup); ok {
				all = append(all, d)
			} else {
				all = append(all, sep)
			}
		}
		all = append(all, v)
	}
	return joinMarkup(all)
}

func filterItems(_ *thread, a []any) (any, error) {
	source := a[0]
	var items []any
	started := false
	return generator("do_items", func(*thread) (any, bool, error) {
		if !started {
			started = true
			if d, ok := asDict(source); ok {
				items = (newDictView(d, "items")).items()
			} else if !isUndefined(source) {
				return nil, false, raiseType("Can only get item pairs from a mapping.")
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

func filterSum(st *thread, a []any) (any, error) {
	sum := a[2]
	if _, ok := text(sum); ok {
		return nil, raiseType("sum() can't sum strings [use ''.join(seq) instead]")
	}
	get := getter(st, a[1], nil, false)
	err := each(st, a[0], func(v any) error {
		var err error
		if a[1] != nil {
			if v, err = get(v); err != nil {
				return err
			}
		}
		sum, err = binaryOp(st, Add, sum, v)
		return err
	})
	return sum, err
}

// filterBatch makes lists of linecount items each.
func filterBatch(_ *thread, a []any) (any, error) {
	source, count, fill := a[0], a[1], a[2]
	var it *iterator
	done := false
	var pending []any
	return generator("do_batch", func(st *thread) (any, bool, error) {
		if done {
			return nil, false, nil
		}
		if it == nil {
			var err error
			if it, err = iterate(source); err != nil {
				return nil, false, err
			}
		}
		for {
			v, ok, err := it.next(st)
			if err != nil {
				return nil, false, err
			}
			if !ok {
				done = true
				return lastBatch(st, pending, count, fill)
			}
			if equal(int64(len(pending)), count) {
				full := pending
				pending = []any{v}
				return listOf(full), true, nil
			}
			pending = append(pending, v)
			if err := st.step(1); err != nil {
				return nil, false, err
			}
		}
	}), nil
}

func lastBatch(st *thread, items []any, count, fill any) (any, bool, error) {
	if len(items) == 0 {
		return nil, false, nil
	}
	if fill != nil {
		n, err := intArg(count)
		if err != nil {
			return nil, false, err
		}
		if err := st.step(max(n, 0)); err != nil {
			return nil, false, err
		}
		for len(items) < n {
			items = append(items, fill)
		}
	}
	return listOf(items), true, nil
}

// filterSlice divides the items into a number of lists.
func filterSlice(_ *thread, a []any) (any, error) {
	source, count, fill := a[0], a[1], a[2]
	var items []any
	i, n, offset, started := 0, 0, 0, false
	return generator("sync_do_slice", func(st *thread) (any, bool, error) {
		if !started {
			started = true
			var err error
			if items, err = collect(st, source); err != nil {
				return nil, false, err
			}
			if n, err = intArg(count); err != nil {
				return nil, false, err
			}
			if n == 0 {
				return nil, false, raise(zeroDivision, "integer division or modulo by zero")
			}
		}
		if i >= n {
			return nil, false, st.step(1)
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
		return listOf(part), true, st.step(1 + len(part))
	}), nil
}

// filterAttr looks an attribute up, but no item.
func filterAttr(st *thread, a []any) (any, error) {
	name, ok := text(a[1])
	if !ok {
		return nil, raiseType("attribute name must be string, not '%s'", value.TypeName(a[1]))
	}
	v, found, err := attribute(st, a[0], name)
	if err != nil {
		return nil, err
	}
	if !found {
		return &undefined{name: name, of: a[0], member: true}, nil
	}
	return safe(a[0], name, v), nil
}
