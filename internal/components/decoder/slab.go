package decoder

import "anytap/internal/value"

// slab allocates the texts and dicts of many small records together, so that a record costs no
// allocation of its own. Texts and dicts stay valid for as long as anything refers to them.
type slab struct {
	text  []byte
	dicts []value.Dict
}

const (
	slabText  = 64 << 10 // bytes allocated together
	slabDicts = 64       // dicts allocated together
)

// keep copies a text into the slab.
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

// dict makes a dict over a text that keep returned; clean says that the text is known to be clean
// (see value.Dict.InitClean).
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
