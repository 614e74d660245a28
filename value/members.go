package value

import "anytap/rawjson"

// members are those of a Dict that was opened.
type members struct {
	list  []member
	index map[any]int // by Key; nil while the list is short
}

// indexFrom is how many members make an index worth its memory.
const indexFrom = 16

// member is one of a Dict. It is lazy until its value was asked for.
type member struct {
	key string // the name; of a key that is not text, what JSON would write
	slot
	other *otherKey // nil for a key that is text
}

// otherKey is a key that is not text.
type otherKey struct{ key any }

// slot is the place of one value: in a Dict's member or in a List.
type slot struct {
	raw  []byte // its text; nil when it was set since
	val  any    // when not lazy
	lazy bool   // only raw is there
}

// value gives the value in the slot; clean says that its text can go out as it is.
func (s *slot) value(clean bool) any {
	if s.lazy {
		s.val, s.lazy = decodeRaw(s.raw, clean), false
	}
	return s.val
}

func (s *slot) set(v any) { *s = slot{val: v} }

// text gives the text in the slot if it is still true.
func (s *slot) text() ([]byte, bool) {
	if s.raw == nil {
		return nil, false
	}
	if !s.lazy {
		switch v := s.val.(type) {
		case *Dict:
			return v.Untouched()
		case *List:
			return v.Untouched()
		}
	}
	return s.raw, true
}

func (s *slot) clone() slot {
	if _, ok := s.text(); ok {
		switch s.val.(type) {
		case *Dict, *List:
			return slot{raw: s.raw, lazy: true}
		}
		return *s
	}
	return slot{val: Clone(s.val)}
}

func (m *member) name() any {
	if m.other != nil {
		return m.other.key
	}
	return m.key
}

func (m *member) clone() member {
	return member{key: m.key, other: m.other, slot: m.slot.clone()}
}

// openMembers finds the members of the object raw. Of those with one name the last gives the value and the
// first the place, as in Python.
func openMembers(raw []byte) *members {
	m := &members{}
	if len(raw) == 0 {
		return m
	}
	// The text was validated; should it not have been, what came before the mistake is there.
	_ = rawjson.Members(raw, func(k, v []byte) bool {
		key := rawjson.Unquote(k)
		if i := m.find(key); i >= 0 {
			m.list[i].raw = v
			return true
		}
		m.add(member{key: key, slot: slot{raw: v, lazy: true}})
		return true
	})
	return m
}

func (m *members) find(key string) int {
	if len(m.list) > indexFrom {
		return m.lookUp(key)
	}
	for i := range m.list {
		if m.list[i].key == key && m.list[i].other == nil {
			return i
		}
	}
	return -1
}

func (m *members) findKey(k any) int {
	want, ok := Key(k)
	if !ok {
		return -1
	}
	if len(m.list) > indexFrom {
		return m.lookUp(want)
	}
	for i := range m.list {
		if got, _ := Key(m.list[i].name()); got == want {
			return i
		}
	}
	return -1
}

func (m *members) lookUp(key any) int {
	if i, ok := m.index[key]; ok {
		return i
	}
	return -1
}

func (m *members) add(e member) {
	m.list = append(m.list, e)
	switch n := len(m.list); {
	case n == indexFrom+1:
		m.reindex()
	case n > indexFrom:
		k, _ := Key(e.name())
		m.index[k] = n - 1
	}
}

func (m *members) remove(i int) {
	m.list = append(m.list[:i], m.list[i+1:]...)
	m.reindex()
}

func (m *members) reindex() {
	if m.index = nil; len(m.list) <= indexFrom {
		return
	}
	m.index = make(map[any]int, 2*len(m.list))
	for i := range m.list {
		k, _ := Key(m.list[i].name())
		m.index[k] = i
	}
}
