package cursor

import (
	"hash/fnv"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Keep reports whether a record lies inside the bounds of its slice, where the API does not see to
// that, and was not given by the window before or behind. One without a value is kept.
func (c *keyCursor) Keep(s *tap.Slice, record *value.Dict) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return true
	}
	v, _ := c.at.At(record)
	if v == nil {
		return true
	}
	k, err := c.reader.key(v)
	if err != nil {
		return true // Observe fails at it
	}
	if c.filter || c.newest {
		if one.low != nil && comparable(&k, one.low) && k.less(one.low) {
			return false
		}
		if c.newest { // a record that is too new, or came before, must not end the list
			return true
		}
		if one.high != nil && comparable(&k, one.high) && one.high.less(&k) && !c.onSeam(&k, one.high) {
			return false
		}
	}
	if len(one.track.windows) < 2 || !c.onSeam(&k, one.low) && !c.onSeam(&k, one.high) {
		return true
	}
	return one.first(record)
}

// comparable reports whether two keys have an order: both are times, numbers or other texts.
func comparable(a, b *key) bool {
	_, _, aTime := a.moment()
	_, _, bTime := b.moment()
	return aTime && bTime || a.number != nil && b.number != nil || !aTime && !bTime && a.number == nil && b.number == nil
}

// onSeam reports whether a key lies where the windows on both sides of a bound may give its record:
// within one unit of the bound.
func (c *keyCursor) onSeam(k, bound *key) bool {
	if bound == nil {
		return false
	}
	at, _, ok := k.moment()
	from, unit, timed := bound.moment()
	if !ok || !timed {
		return !k.less(bound) && !bound.less(k)
	}
	unit = max(unit, c.format.form.unit)
	return !at.Before(from.Add(-unit)) && !at.After(from.Add(unit))
}

// first reports whether no other window of the track gave a record at a bound between two. Records
// are told by their whole text.
func (one *keySlice) first(record *value.Dict) bool {
	h := fnv.New64a()
	_, _ = h.Write(value.AppendCompactSorted(nil, record))
	t := one.track
	if t.seams == nil {
		t.seams = map[uint64]int{}
	}
	number, met := t.seams[h.Sum64()]
	if !met {
		t.seams[h.Sum64()] = one.number
	}
	return !met || number == one.number
}
