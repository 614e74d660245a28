package value

import "anytap/internal/rawjson"

// members are the members of an opened Dict.
type members struct {
	list   []member
	index  *memberIndex // nil while the list is short
	beside bool         // these come after those in the Dict's text, which was not opened
}

// memberIndex finds the members of a long list.
type memberIndex struct {
	text   map[string]int // by key
	others map[any]int    // by the hashes of keys that are no text; nil without any
}

// indexFrom is the number of members from which an index is worth its memory.
const indexFrom = 32

// spareMembers is how many members can be added to those of a text before the list has to grow.
const spareMembers = 2

// member is a member of a Dict.
type member struct {
	key string // the name; of a key that is not text, what JSON would write
	slot
	other *otherKey // nil for a key that is text
}

// otherKey is a key that is no text.
type otherKey struct {
	key  any
	hash any // Key(key)
}

// slot holds one value of a Dict or a List, or its text.
type slot struct {
	raw []byte // its text; nil when it was set since
	val any    // or pending
}

// pending stands for a value that has not been decoded.
type pending struct{}

// value gives the value in the slot. clean says that its text can be written as it is.
func (s *slot) value(clean bool) any {
	if _, ok := s.val.(pending); ok {
		s.val = decodeRaw(s.raw, clean)
	}
	return s.val
}

func (s *slot) set(v any) { *s = slot{val: v} }

// text gives the text in the slot, if the value has not changed.
func (s *slot) text() ([]byte, bool) {
	if s.raw == nil {
		return nil, false
	}
	switch v := s.val.(type) {
	case *Dict:
		return v.Untouched()
	case *List:
		return v.Untouched()
	}
	return s.raw, true
}

func (s *slot) clone(depth int) slot {
	if _, ok := s.text(); !ok {
		return slot{val: cloned(s.val, depth+1)}
	}
	switch s.val.(type) {
	case *Dict, *List:
		return slot{raw: s.raw, val: pending{}}
	}
	return *s
}

func (m *member) name() any {
	if m.other != nil {
		return m.other.key
	}
	return m.key
}

func (m *member) clone(depth int) member {
	return member{key: m.key, other: m.other, slot: m.slot.clone(depth)}
}

// found is a member as found by a scan.
type found struct {
	key, val []byte
	n        int // bytes of the key when unquoted
}

// openMembers finds the members of the object raw. If a name occurs twice, the first occurrence
// gives the position and the last one the value, as in Python.
func openMembers(raw []byte) *members {
	if len(raw) == 0 {
		return &members{}
	}
	var room [indexFrom]found
	all := room[:0]
	// The text has been validated. If it has not, the members before the mistake are there.
	_ = rawjson.Members(raw, func(k, v []byte) bool {
		all = append(all, found{key: k, val: v})
		return true
	})
	return makeMembers(all)
}

// roomFor makes members with room for n and a few more. For most objects this is a single
// allocation.
func roomFor(n int) *members {
	switch n += spareMembers; {
	case n <= 8:
		var r struct {
			members
			room [8]member
		}
		r.list = r.room[:0]
		return &r.members
	case n <= 20:
		var r struct {
			members
			room [20]member
		}
		r.list = r.room[:0]
		return &r.members
	}
	return &members{list: make([]member, 0, n)}
}

// makeMembers makes members of the ones found.
func makeMembers(all []found) *members {
	m := roomFor(len(all))
	m.fill(all)
	return m
}

// fill adds the members found to empty members.
func (m *members) fill(all []found) {
	place := placeOf(all)
	if place != nil {
		if s := place.Load(); s != nil && s.fits(all) {
			for i := range all {
				m.list = append(m.list, member{key: s.names[i], slot: slot{raw: all[i].val, val: pending{}}})
			}
			m.reindex()
			return
		}
	}
	m.name(all)
	if place != nil && len(m.list) == len(all) {
		place.Store(newShape(all, m))
	}
}

// name adds the members found, with copies of their names, which share one allocation.
func (m *members) name(all []found) {
	var room [512]byte
	names := room[:0]
	for i := range all {
		from := len(names)
		names = rawjson.AppendUnquoted(names, all[i].key)
		all[i].n = len(names) - from
	}
	rest := string(names)
	var once filter
	for i := range all {
		key := rest[:all[i].n]
		rest = rest[all[i].n:]
		if once.seen(key) {
			if at := m.find(key); at >= 0 {
				m.list[at].raw = all[i].val
				continue
			}
		}
		m.add(member{key: key, slot: slot{raw: all[i].val, val: pending{}}})
	}
}

// filter is a small Bloom filter of keys.
type filter [4]uint64

// seen adds key and reports whether it may have been added before.
func (f *filter) seen(key string) bool {
	h := uint(len(key))
	if h > 0 {
		h = h*31 ^ uint(key[0])*7 ^ uint(key[h-1])*13 ^ uint(key[h/2])*37
	}
	bit := uint64(1) << (h & 63)
	word := &f[h>>6&3]
	had := *word&bit != 0
	*word |= bit
	return had
}

func (m *members) find(key string) int {
	if m.index != nil {
		if i, ok := m.index.text[key]; ok {
			return i
		}
		return -1
	}
	for i := range m.list {
		if m.list[i].key == key && m.list[i].other == nil {
			return i
		}
	}
	return -1
}

func (m *members) get(key string, clean bool) (any, bool) {
	if i := m.find(key); i >= 0 {
		return m.list[i].value(clean), true
	}
	return nil, false
}

func (m *members) findKey(k any) int {
	want, ok := Key(k)
	if !ok {
		return -1
	}
	return m.findHash(want)
}

// findHash finds a member by the result of Key.
func (m *members) findHash(want any) int {
	if s, ok := want.(string); ok {
		return m.find(s)
	}
	if m.index != nil {
		if i, ok := m.index.others[want]; ok {
			return i
		}
		return -1
	}
	for i := range m.list {
		if o := m.list[i].other; o != nil && o.hash == want {
			return i
		}
	}
	return -1
}

// findSame finds the member with the key of e, a member of another Dict.
func (m *members) findSame(e *member, limit *Meter) int {
	switch {
	case e.other == nil:
		return m.find(e.key)
	case !limit.take(hashSize(e.other.hash) / 64):
		return -1
	}
	return m.findHash(e.other.hash)
}

func (m *members) add(e member) {
	m.list = append(m.list, e)
	switch n := len(m.list); {
	case m.index != nil:
		m.index.add(&m.list[n-1], n-1)
	case n > indexFrom:
		m.reindex()
	}
}

func (x *memberIndex) add(e *member, at int) {
	switch {
	case e.other == nil:
		x.text[e.key] = at
	case x.others == nil:
		x.others = map[any]int{e.other.hash: at}
	default:
		x.others[e.other.hash] = at
	}
}

func (x *memberIndex) remove(e *member) {
	if e.other == nil {
		delete(x.text, e.key)
		return
	}
	delete(x.others, e.other.hash)
}

func (m *members) remove(i int) {
	if last := len(m.list) - 1; i == last && m.index != nil {
		m.index.remove(&m.list[last])
		m.list = m.list[:last]
		return
	}
	m.list = append(m.list[:i], m.list[i+1:]...)
	m.reindex()
}

func (m *members) reindex() {
	if m.index = nil; len(m.list) <= indexFrom {
		return
	}
	m.index = &memberIndex{text: make(map[string]int, 2*len(m.list))}
	for i := range m.list {
		m.index.add(&m.list[i], i)
	}
}
