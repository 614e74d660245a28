package value

import (
	"iter"

	"anytap/internal/rawjson"
)

// Dict is a Python dict. It keeps the order in which members were added. Keys may be any hashable
// value; those from JSON are text. A Dict made from raw text decodes a member when it is asked for,
// so even reading is not safe for concurrent use, until Expand has decoded it.
type Dict struct {
	raw     []byte   // the text it came from; nil when it was made by hand
	m       *members // nil while all is in raw
	notes   *Notes   // of the page that it is an element of; nil: none
	from    int32    // its members in notes
	to      int32
	looks   uint8 // members that were looked up before it was opened
	clean   bool  // raw can go out as it is
	changed bool  // a member was set or deleted, so raw is no longer the whole truth
	fits    bool  // raw fits the pattern of its page's scan
}

// looksBeforeOpen is the number of members that are looked up in the text before the Dict is
// opened. Opening costs about as much as two look-ups, and most records are asked for one member
// only.
const looksBeforeOpen = 2

// notedBeforeOpen is the same number for elements with Notes, which make both cheap.
const notedBeforeOpen = 4

// NewDict makes an empty Dict with room for n members.
func NewDict(n int) *Dict {
	switch {
	case n <= 1:
		var d struct {
			Dict
			members members
			room    [1]member
		}
		d.members.list = d.room[:0]
		d.m = &d.members
		return &d.Dict
	case n <= 3:
		var d struct {
			Dict
			members members
			room    [3]member
		}
		d.members.list = d.room[:0]
		d.m = &d.members
		return &d.Dict
	}
	return &Dict{m: &members{list: make([]member, 0, n)}}
}

// DictOf makes a Dict of alternating keys and values. It converts both with FromGo.
func DictOf(kv ...any) *Dict {
	d := NewDict(len(kv) / 2)
	for i := 0; i+1 < len(kv); i += 2 {
		d.SetKey(FromGo(kv[i]), FromGo(kv[i+1]))
	}
	return d
}

// LazyDict makes a Dict of raw, the validated text of a JSON object. Nothing is decoded until a
// member is asked for. raw is retained and must not change.
func LazyDict(raw []byte) *Dict { return &Dict{raw: raw} }

// InitLazy makes d the result of LazyDict. d may be an element of a slice, for example.
func (d *Dict) InitLazy(raw []byte) { *d = Dict{raw: raw} }

// InitClean is InitLazy for text that a scan has found clean (rawjson.Flags.Clean). Append copies
// such text without checking it.
func (d *Dict) InitClean(raw []byte) { *d = Dict{raw: raw, clean: true} }

// Len counts the members.
func (d *Dict) Len() int { return len(d.open().list) }

// Bulk is the number of members or, as long as they are not needed, an estimate of the work of
// finding them.
func (d *Dict) Bulk() int {
	if d.opened() {
		return len(d.m.list)
	}
	return len(d.raw) / 8
}

// Open finds all members at once, which is faster than looking up more than two of them. It decodes
// none.
func (d *Dict) Open() { d.open() }

// Empty reports whether there are no members. It decodes none.
func (d *Dict) Empty() bool {
	if d.m == nil {
		return isBare(d.raw)
	}
	return d.Len() == 0
}

// isBare reports whether the text of a container is empty inside its brackets.
func isBare(raw []byte) bool {
	inside := false
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\n', '\r':
		case '{', '[':
			if inside {
				return false
			}
			inside = true
		default:
			return c == '}' || c == ']'
		}
	}
	return true
}

// Get returns the member with this key. It decodes no other member, and the elements of a container
// stay lazy.
func (d *Dict) Get(key string) (any, bool) {
	if d.m != nil {
		if v, ok := d.m.get(key, d.clean); ok || d.opened() {
			return v, ok
		}
	}
	raw, ok, sure := d.look(key)
	switch {
	case sure && !ok:
		return nil, false
	case ok && raw[0] != '{' && raw[0] != '[':
		return decodeRaw(raw, d.clean), true
	}
	return d.open().get(key, d.clean)
}

// look finds a member's text without opening d. sure is false if d should be opened instead.
func (d *Dict) look(key string) (raw []byte, ok, sure bool) {
	if d.notes != nil && d.looks < notedBeforeOpen {
		d.looks++
		raw, ok = d.noted(key)
		return raw, ok, true
	}
	if d.looks >= looksBeforeOpen {
		return nil, false, false
	}
	d.looks++
	raw, ok = rawjson.Find(d.raw, key)
	return raw, ok, true
}

// GetKey is Get for a key of any type. It finds nothing for a key that Python cannot hash.
func (d *Dict) GetKey(k any) (any, bool) {
	if s, ok := k.(string); ok {
		return d.Get(s)
	}
	if i := d.open().findKey(k); i >= 0 {
		return d.m.list[i].value(d.clean), true
	}
	return nil, false
}

// Raw returns the original text of a member, without decoding it. There is none if the member has
// been set or changed since.
func (d *Dict) Raw(key string) ([]byte, bool) {
	if d.m != nil {
		if i := d.m.find(key); i >= 0 {
			return d.m.list[i].text()
		}
		if d.opened() {
			return nil, false
		}
	}
	if d.notes != nil {
		return d.noted(key)
	}
	return rawjson.Find(d.raw, key)
}

// Set sets a member. An existing member keeps its position.
func (d *Dict) Set(key string, v any) {
	m := d.placeFor(key)
	d.changed = true
	v = plainGo(v)
	if i := m.find(key); i >= 0 {
		m.list[i].set(v)
		return
	}
	m.add(member{key: key, slot: slot{val: v}})
}

// SetText sets a member to a JSON text, which is not checked. Numbers keep their digits.
func (d *Dict) SetText(key string, raw []byte) {
	m := d.placeFor(key)
	d.changed = true
	s := slot{raw: raw, val: pending{}}
	if i := m.find(key); i >= 0 {
		m.list[i].slot = s
		return
	}
	m.add(member{key: key, slot: s})
}

// placeFor gives the members among which key is set: those added beside the text, if the text does
// not have the key, or else all.
func (d *Dict) placeFor(key string) *members {
	if d.opened() || d.m != nil && d.m.find(key) >= 0 {
		return d.m
	}
	if _, ok, sure := d.look(key); ok || !sure {
		return d.open()
	}
	if d.m == nil {
		d.m = &members{beside: true, list: make([]member, 0, looksBeforeOpen)}
	}
	return d.m
}

// SetKey is Set for a key of any type. The key of a value that Python cannot hash is its repr.
func (d *Dict) SetKey(k, v any) {
	if s, ok := k.(string); ok {
		d.Set(s, v)
		return
	}
	hash, ok := Key(k)
	if !ok {
		d.Set(Repr(k), v)
		return
	}
	v = plainGo(v)
	d.changed = true
	m := d.open()
	if i := m.findHash(hash); i >= 0 {
		m.list[i].set(v)
		return
	}
	m.add(member{key: keyText(k), other: &otherKey{k, hash}, slot: slot{val: v}})
}

// Delete removes a member and reports whether it was there.
func (d *Dict) Delete(key string) bool {
	if d.m == nil {
		if _, ok, sure := d.look(key); sure && !ok {
			return false
		}
	}
	return d.deleteAt(d.open().find(key))
}

// DeleteKey is Delete for a key of any type.
func (d *Dict) DeleteKey(k any) bool {
	if s, ok := k.(string); ok {
		return d.Delete(s)
	}
	return d.deleteAt(d.open().findKey(k))
}

func (d *Dict) deleteAt(i int) bool {
	if i < 0 {
		return false
	}
	d.changed = true
	d.m.remove(i)
	return true
}

// Keys returns the keys in order. Keys that are not text are converted as by json.dumps.
func (d *Dict) Keys() []string {
	m := d.open()
	keys := make([]string, len(m.list))
	for i := range m.list {
		keys[i] = m.list[i].key
	}
	return keys
}

// All yields the members in order, with keys as in Keys.
func (d *Dict) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		m := d.open()
		for i := 0; i < len(m.list); i++ {
			if !yield(m.list[i].key, m.list[i].value(d.clean)) {
				return
			}
		}
	}
}

// AllKeys yields the members in order, with their own keys.
func (d *Dict) AllKeys() iter.Seq2[any, any] {
	return func(yield func(any, any) bool) {
		m := d.open()
		for i := 0; i < len(m.list); i++ {
			if !yield(m.list[i].name(), m.list[i].value(d.clean)) {
				return
			}
		}
	}
}

// Untouched returns the original text of d, if neither d nor anything inside it has changed.
func (d *Dict) Untouched() ([]byte, bool) {
	if d.raw == nil || d.changed {
		return nil, false
	}
	if d.m != nil { // and not beside the text, as that is a change
		for i := range d.m.list {
			if _, ok := d.m.list[i].text(); !ok {
				return nil, false
			}
		}
	}
	return d.raw, true
}

// SetFits notes that the original text of d fits the pattern that its page was scanned with.
func (d *Dict) SetFits() { d.fits = true }

// Fits reports what SetFits noted.
func (d *Dict) Fits() bool { return d.fits }

// Clone makes a deep copy. It shares text that has not changed.
func (d *Dict) Clone() *Dict { return d.clone(0) }

func (d *Dict) clone(depth int) *Dict {
	if raw, ok := d.Untouched(); ok {
		return &Dict{raw: raw, clean: d.clean}
	}
	m := d.m
	if m == nil {
		m = d.open()
	}
	c := *d
	c.notes = nil
	c.m = &members{beside: m.beside, list: make([]member, len(m.list))}
	for i := range m.list {
		c.m.list[i] = m.list[i].clone(depth)
	}
	c.m.reindex()
	return &c
}

// opened reports whether all members are in d.m.
func (d *Dict) opened() bool { return d.m != nil && !d.m.beside }

func (d *Dict) open() *members {
	if d.opened() {
		return d.m
	}
	var all *members
	if d.notes != nil {
		all = d.openNoted()
	} else {
		all = openMembers(d.raw)
	}
	if d.m != nil {
		for _, e := range d.m.list {
			all.add(e)
		}
	}
	d.m = all
	return d.m
}
