package python

import (
	"math"
	"math/big"

	"anytap/internal/python/number"
	"anytap/internal/value"
)

// SetOrder sorts items into the order in which a Python set lists them, which follows from their
// hashes. Only the hashes of numbers are the same in every run of Python, so a set with any other
// element keeps the order of items.
func SetOrder(items []any) []any {
	hashes := make([]int64, len(items))
	for i, v := range items {
		h, ok := numberHash(v)
		if !ok {
			return items
		}
		hashes[i] = h
	}
	table := make([]int, 8) // positions in items plus one; 0 is a free slot
	used := 0
	same := map[int64]int{}
	for i := range items {
		if !setInsert(table, items, hashes, i) {
			continue
		}
		if same[hashes[i]]++; same[hashes[i]] > mostSame {
			return items // chosen to take for ever
		}
		used++
		if mask := len(table) - 1; used*5 >= mask*3 {
			table = setGrow(table, items, hashes, used)
		}
	}
	out := make([]any, 0, used)
	for _, at := range table {
		if at > 0 {
			out = append(out, items[at-1])
		}
	}
	return out
}

// mostSame is how many items with the same hash are put in order. Each is compared with the others.
const mostSame = 1000

// probes is how many neighbours of a slot are tried before another slot is computed.
const probes = 9

// setInsert puts item i into the table unless an equal one is there.
func setInsert(table []int, items []any, hashes []int64, i int) bool {
	mask := uint64(len(table) - 1)
	perturb := uint64(hashes[i])
	for at := perturb & mask; ; {
		near := uint64(0)
		if at+probes <= mask {
			near = probes
		}
		for k := at; k <= at+near; k++ {
			if table[k] == 0 {
				table[k] = i + 1
				return true
			}
			if j := table[k] - 1; hashes[j] == hashes[i] && value.Equal(items[j], items[i]) {
				return false
			}
		}
		perturb >>= 5
		at = (at*5 + 1 + perturb) & mask
	}
}

// setGrow moves the items to a new table, which has more than four slots for each of them, or two
// if there are very many.
func setGrow(old []int, items []any, hashes []int64, used int) []int {
	least := used * 4
	if used > 50000 {
		least = used * 2
	}
	size := 8
	for size <= least {
		size <<= 1
	}
	table := make([]int, size)
	for _, at := range old {
		if at > 0 {
			setInsert(table, items, hashes, at-1)
		}
	}
	return table
}

// hashModulus is the prime modulus of Python's numeric hash.
const hashModulus = 1<<61 - 1

// numberHash is Python's hash() of a whole number.
func numberHash(v any) (int64, bool) {
	n, ok := number.Of(v)
	if !ok {
		return 0, false
	}
	if f, isFloat := n.(float64); isFloat {
		if f != math.Trunc(f) || math.IsInf(f, 0) {
			return 0, false
		}
		var err error
		if n, err = number.Trunc(f); err != nil {
			return 0, false
		}
	}
	h := new(big.Int).Abs(number.Big(n))
	h.Mod(h, big.NewInt(hashModulus))
	hash := h.Int64() * int64(number.Big(n).Sign())
	if hash == -1 {
		hash = -2
	}
	return hash, true
}

// SetItems gives the elements of a set, or of a view of keys or items.
func SetItems(v any) ([]any, bool) {
	switch v := v.(type) {
	case *value.Set:
		return v.Values(), true
	case *DictView:
		return v.Items(), v.Kind != "values"
	}
	return nil, false
}
