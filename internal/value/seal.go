package value

import (
	"math"
	"math/big"
	"unicode/utf8"
)

// Seal writes a dict that was changed to dst, which becomes its text, and drops what was decoded of it. It does so only where
// reading the text again gives just the same values; dates, tuples and other things that JSON has no words for stay as they are.
// The text is good as long as dst is. sealed reports that nothing decoded is held any more.
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

// sealable tells of a value in a container that has changed.
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
