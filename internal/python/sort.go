package python

import (
	"sort"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Sorted sorts items stably. less compares the items at two positions of the original order.
func Sorted(items []any, reverse bool, less func(i, j int) (bool, error)) (*value.List, error) {
	at := make([]int, len(items))
	for i := range at {
		at[i] = i
	}
	var failed error
	sort.SliceStable(at, func(i, j int) bool {
		if failed != nil {
			return false
		}
		if reverse {
			i, j = j, i
		}
		ok, err := less(at[i], at[j])
		if err != nil {
			failed = err
		}
		return ok
	})
	if failed != nil {
		return nil, failed
	}
	out := make([]any, len(items))
	for i, j := range at {
		out[i] = items[j]
	}
	return ListOf(out), nil
}

// SortBy is Python's sorted() by keys: stable, also in reverse order.
func SortBy(items, keys []any, reverse bool) ([]any, error) {
	l, err := Sorted(items, reverse, func(i, j int) (bool, error) { return Order(Lt, keys[i], keys[j]) })
	if err != nil {
		return nil, err
	}
	return l.Values(), nil
}

// Best gives the item with the largest key, or the smallest one if name is "min". Of equal items it
// gives the first.
func Best(name string, items, keys []any) (any, error) {
	op := Gt
	if name == "min" {
		op = Lt
	}
	at := 0
	for i := 1; i < len(items); i++ {
		better, err := Order(op, keys[i], keys[at])
		if err != nil {
			return nil, err
		}
		if better {
			at = i
		}
	}
	return items[at], nil
}

// Extreme is Python's max() or min(), as name says.
func Extreme(th *Thread, name string, args value.Tuple) (any, error) {
	items := []any(args)
	switch len(args) {
	case 0:
		return nil, exception.TypeErrorf("%s expected at least 1 argument, got 0", name)
	case 1:
		var err error
		if items, err = Collect(th, args[0]); err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return nil, exception.ValueErrorf("%s() arg is an empty sequence", name)
		}
	}
	return Best(name, items, items)
}

// SortKeys sorts the keys of a dict in place. It fails for keys that have no order.
func SortKeys(keys []any) error {
	var failed error
	sort.SliceStable(keys, func(i, j int) bool {
		less, err := Order(Lt, keys[i], keys[j])
		if err != nil {
			failed = err
		}
		return less
	})
	return failed
}
