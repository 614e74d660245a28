package decoder

import "anytap/internal/value"

// slab holds the text of many small records and the dicts over it, so that a record costs no allocation of its own.
// What it gave stays good for as long as anything refers to it.
type slab struct {
	text  []byte
	dicts []value.Dict
}

const (
	slabText  = 64 << 10
	slabDicts = 64
)

// keep copies text.
func (s *slab) keep(raw []byte) []byte {
	if len(raw) > slabText/4 {
		return append([]byte(nil), raw...)
	}
	if cap(s.text)-len(s.text) < len(raw) {
		s.text = make([]byte, 0, slabText)
	}
	from := len(s.text)
	s.text = append(s.text, raw...)
	return s.text[from:len(s.text):len(s.text)]
}

// dict makes a dict over kept text.
func (s *slab) dict(raw []byte, clean bool) *value.Dict {
	if len(s.dicts) == 0 {
		s.dicts = make([]value.Dict, slabDicts)
	}
	d := &s.dicts[0]
	s.dicts = s.dicts[1:]
	if clean {
		d.InitClean(raw)
	} else {
		d.InitLazy(raw)
	}
	return d
}
