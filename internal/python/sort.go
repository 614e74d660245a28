package python

import (
	"math/bits"
	"slices"
	"sort"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Sorted sorts items stably. less compares the items at two positions of the original order.
func Sorted(th *Thread, items []any, reverse bool, less func(i, j int) (bool, error)) (*value.List, error) {
	// A comparison of numbers is a fraction of a step; others count their own work.
	if err := th.Step(len(items) * bits.Len(uint(len(items))) / itemStep); err != nil {
		return nil, err
	}
	at := make([]int, len(items))
	for i := range at {
		at[i] = i
	}
	var failed error
	before := func(i, j int) bool {
		if failed != nil {
			return false
		}
		if reverse {
			i, j = j, i
		}
		ok, err := less(i, j)
		if err != nil {
			failed = err
		}
		return ok
	}
	slices.SortFunc(at, func(i, j int) int {
		switch {
		case before(i, j):
			return -1
		case before(j, i):
			return 1
		}
		return i - j
	})
	if failed != nil {
		return nil, failed
	}
	out := value.NewList()
	for _, i := range at {
		out.Append(items[i])
	}
	return out, nil
}

// SortBy is Python's sorted() by keys: stable, also in reverse order.
func SortBy(th *Thread, items, keys []any, reverse bool) ([]any, error) {
	l, err := Sorted(th, items, reverse, func(i, j int) (bool, error) { return Order(th, Lt, keys[i], keys[j]) })
	if err != nil {
		return nil, err
	}
	return l.Values(), nil
}

// Best gives the item with the largest key, or the smallest one if name is "min". Of equal items it
// gives the first.
func Best(th *Thread, name string, items, keys []any) (any, error) {
	op := Gt
	if name == "min" {
		op = Lt
	}
	at := 0
	for i := 1; i < len(items); i++ {
		better, err := Order(th, op, keys[i], keys[at])
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
	return Best(th, name, items, items)
}

// SortKeys sorts the keys of a dict in place. It fails for keys that have no order.
func SortKeys(th *Thread, keys []any) error {
	failed := th.Step(len(keys) * bits.Len(uint(len(keys))) / itemStep)
	sort.SliceStable(keys, func(i, j int) bool {
		if failed != nil {
			return false
		}
		less, err := Order(th, Lt, keys[i], keys[j])
		if err != nil {
			failed = err
		}
		return less
	})
	return failed
}
