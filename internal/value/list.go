package value

import (
	"iter"

	"anytap/internal/rawjson"
)

// List is a Python list. A List made from raw text decodes an element when it is asked for. For
// concurrent use the same rules apply as for Dict.
type List struct {
	raw     []byte // the text it came from; nil when it was made by hand
	items   []slot
	opened  bool // items are all there
	clean   bool // raw can go out as it is
	changed bool // an element was set or added
}

// NewList makes a List of items, converted with FromGo.
func NewList(items ...any) *List {
	l := &List{opened: true, items: make([]slot, len(items))}
	for i, v := range items {
		l.items[i].val = FromGo(v)
	}
	return l
}

// LazyList makes a List of raw, the validated text of a JSON array. raw is retained and must not
// change.
func LazyList(raw []byte) *List { return &List{raw: raw} }

// Len counts the elements.
func (l *List) Len() int { return len(l.open()) }

// Bulk is the number of elements or, as long as they are not needed, an estimate of the work of
// finding them.
func (l *List) Bulk() int {
	if !l.opened {
		return len(l.raw) / 8
	}
	return len(l.items)
}

// Empty reports whether there are no elements. It decodes none.
func (l *List) Empty() bool {
	if !l.opened {
		return isBare(l.raw)
	}
	return l.Len() == 0
}

// At returns element i, counted from 0, or nil if there is none.
func (l *List) At(i int) any {
	items := l.open()
	if i < 0 || i >= len(items) {
		return nil
	}
	return items[i].value(l.clean)
}

// Raw returns the original text of element i, if the element has not changed.
func (l *List) Raw(i int) ([]byte, bool) {
	items := l.open()
	if i < 0 || i >= len(items) {
		return nil, false
	}
	return items[i].text()
}

// Set replaces element i. It does nothing if i is out of range.
func (l *List) Set(i int, v any) {
	items := l.open()
	if i < 0 || i >= len(items) {
		return
	}
	l.changed = true
	items[i].set(plainGo(v))
}

// Append adds an element at the end.
func (l *List) Append(v any) {
	l.items = append(l.open(), slot{val: plainGo(v)})
	l.changed = true
}

// Insert is Python's l.insert(i, v).
func (l *List) Insert(i int, v any) {
	n := len(l.open())
	if i < 0 {
		i = max(i+n, 0)
	}
	i = min(i, n)
	l.items = append(l.items, slot{})
	copy(l.items[i+1:], l.items[i:])
	l.items[i] = slot{val: plainGo(v)}
	l.changed = true
}

// Delete removes element i and reports whether there was one.
func (l *List) Delete(i int) bool {
	items := l.open()
	if i < 0 || i >= len(items) {
		return false
	}
	l.items = append(items[:i], items[i+1:]...)
	l.changed = true
	return true
}

// All yields the elements in order.
func (l *List) All() iter.Seq2[int, any] {
	return func(yield func(int, any) bool) {
		l.open()
		for i := 0; i < len(l.items); i++ {
			if !yield(i, l.items[i].value(l.clean)) {
				return
			}
		}
	}
}

// Values returns the elements in a new slice.
func (l *List) Values() []any {
	items := l.open()
	vs := make([]any, len(items))
	for i := range items {
		vs[i] = items[i].value(l.clean)
	}
	return vs
}

// Untouched returns the original text of l, if neither l nor anything inside it has changed.
func (l *List) Untouched() ([]byte, bool) {
	if l.raw == nil || l.changed {
		return nil, false
	}
	for i := range l.items {
		if _, ok := l.items[i].text(); !ok {
			return nil, false
		}
	}
	return l.raw, true
}

// Clone makes a deep copy. It shares text that has not changed.
func (l *List) Clone() *List { return l.clone(0) }

func (l *List) clone(depth int) *List {
	if raw, ok := l.Untouched(); ok {
		return &List{raw: raw, clean: l.clean}
	}
	c := &List{raw: l.raw, clean: l.clean, changed: l.changed, opened: true, items: make([]slot, len(l.items))}
	for i := range l.items {
		c.items[i] = l.items[i].clone(depth)
	}
	return c
}

func (l *List) open() []slot {
	if l.opened {
		return l.items
	}
	l.opened = true
	if len(l.raw) == 0 {
		return nil
	}
	dicts := 0
	// The text has been validated. If it has not, the elements before the mistake are there.
	_ = rawjson.Elements(l.raw, func(v []byte) bool {
		l.items = append(l.items, slot{raw: v, val: pending{}})
		if v[0] == '{' {
			dicts++
		}
		return true
	})
	slab := make([]Dict, dicts)
	for i := range l.items {
		if e := &l.items[i]; e.raw[0] == '{' {
			slab[0] = Dict{raw: e.raw, clean: l.clean}
			e.val, slab = &slab[0], slab[1:]
		}
	}
	return l.items
}
