package value

import (
	"math"
	"math/big"
	"unicode/utf8"
)

// Seal writes a changed dict to dst, uses that text from then on, and drops the decoded members. It
// does so only if decoding the text gives the same values, so a dict with dates, tuples or other
// values that JSON does not have stays as it is. dst must not change while the dict is used. sealed
// reports that the dict holds no decoded members any more.
func (d *Dict) Seal(dst []byte) (out []byte, sealed bool) {
	if raw, ok := d.Untouched(); ok {
		*d = Dict{raw: raw, clean: d.clean, notes: d.notes, from: d.from, to: d.to}
		return dst, true
	}
	if !d.sealable(0) {
		return dst, false
	}
	from := len(dst)
	dst = Append(dst, d)
	*d = Dict{raw: dst[from:len(dst):len(dst)], clean: true}
	return dst, true
}

func (d *Dict) sealable(depth int) bool {
	if _, ok := d.Untouched(); ok || d.raw != nil && !d.clean {
		return d.clean
	}
	for i := range d.m.list {
		e := &d.m.list[i]
		if e.other != nil || !utf8.ValidString(e.key) || !e.slot.sealable(depth) {
			return false
		}
	}
	return true
}

func (l *List) sealable(depth int) bool {
	if _, ok := l.Untouched(); ok || l.raw != nil && !l.clean {
		return l.clean
	}
	for i := range l.items {
		if !l.items[i].sealable(depth) {
			return false
		}
	}
	return true
}

// sealable reports whether the value of a slot can be sealed.
func (s *slot) sealable(depth int) bool {
	if depth > maxDepth {
		return false
	}
	if _, ok := s.text(); ok {
		return true // as clean as the container
	}
	switch v := s.val.(type) {
	case nil, bool, int64, *big.Int:
		return true
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case string:
		return utf8.ValidString(v)
	case *Dict:
		return v.sealable(depth + 1)
	case *List:
		return v.sealable(depth + 1)
	}
	return false
}
