package paging

import (
	"hash/maphash"
	"math"

	"anytap/internal/rawjson"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// twice counts records that come again in a slice, because its list changes while it is read: what
// is added before the place of the read moves records from the page before to the next one. What is
// removed there moves others to the page before, and they are missed. No answer shows that, but
// where some come twice others may be missing.
//
// Of a page every so many keys are remembered, and as many are looked at where the next page
// begins, so that each shift is found at the cost of few keys.
//
// In a list in the order of updates, a record that is updated moves to the end, and others move to
// the page before and are missed. It comes again there, far from its first place. So where pages
// have numbers, all keys are remembered, up to mostEarlier of a slice. A token may be the key of
// the last record instead, so that nothing is missed if one comes again.
type twice struct {
	seed    maphash.Seed
	key     [][]string
	sampled []sampledKey   // of the page before
	size    int            // its records
	counted bool           // pages are asked for by number or offset
	earlier map[uint64]int // the number of the page on which a key came first
	pages   int
}

// mostEarlier bounds the keys that are remembered, and so the time that it takes.
const mostEarlier = 5000

// sampledKey is a record of the page before.
type sampledKey struct {
	hash  uint64
	index int
}

// mostSampled is how many keys of a page are looked at, at most.
const mostSampled = 64

// count gives how many records of a page came before.
func (t *twice) count(records []tap.Record) (again int) {
	if len(records) == 0 {
		return 0
	}
	again = t.shift(records)
	if t.counted && len(t.earlier) < mostEarlier {
		again = t.known(records)
	}
	step := max(int(math.Sqrt(float64(len(records)))), len(records)/mostSampled)
	t.sampled, t.size = t.sampled[:0], len(records)
	for i := len(records) - 1; i >= 0; i -= step {
		if hash, ok := t.hash(records[i]); ok {
			t.sampled = append(t.sampled, sampledKey{hash, i})
		}
	}
	return again
}

// known counts the records that came on any page before, and remembers all.
func (t *twice) known(records []tap.Record) (again int) {
	if t.earlier == nil {
		t.earlier = make(map[uint64]int, 2*len(records))
	}
	t.pages++
	for _, r := range records {
		hash, ok := t.hash(r)
		if !ok {
			return again
		}
		if page, came := t.earlier[hash]; !came {
			t.earlier[hash] = t.pages
		} else if page < t.pages {
			again++
		}
	}
	return again
}

// shift finds a record of the page before among the first of this one.
func (t *twice) shift(records []tap.Record) int {
	if len(t.sampled) == 0 {
		return 0
	}
	step := max(int(math.Sqrt(float64(t.size))), t.size/mostSampled)
	for i, r := range records[:min(step, len(records))] {
		hash, ok := t.hash(r)
		if !ok {
			return 0
		}
		for _, before := range t.sampled {
			if before.hash == hash {
				return min(t.size-before.index+i, len(records))
			}
		}
	}
	return 0
}

// hash is that of a record's key; ok is false where it lacks a field of it, or the key is an inner
// one, for which the record would have to be decoded.
func (t *twice) hash(r tap.Record) (sum uint64, ok bool) {
	for _, path := range t.key {
		if len(path) != 1 {
			return 0, false
		}
		raw, ok := member(r.Data, path[0])
		if !ok {
			return 0, false
		}
		sum = mix(sum, maphash.Bytes(t.seed, raw))
	}
	return sum, len(t.key) > 0
}

// member is the text of a member. In a record that is as it came the first of this name is taken:
// keys come early, and what is behind them need not be looked at.
func member(record *value.Dict, name string) (text []byte, ok bool) {
	raw, untouched := record.Untouched()
	if !untouched {
		return record.Raw(name)
	}
	err := rawjson.Members(raw, func(key, v []byte) bool {
		if ok = rawjson.KeyIs(key, name); ok {
			text = v
		}
		return !ok
	})
	return text, ok && err == nil
}

// forget forgets the page before: the slice is read from another place.
func (t *twice) forget() { t.sampled, t.earlier = t.sampled[:0], nil }
