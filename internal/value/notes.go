package value

import (
	"sync"

	"anytap/internal/rawjson"
)

// Notes are what the scan of a page has noted of its elements, so that nobody looks for their members in the text again, and the
// memory that the members take when elements are opened. All of it is used again after Drop: what was made of an element, as of its
// text, must not be used any more by then.
type Notes struct {
	body  []byte
	parts []rawjson.Part
	ends  []int32

	mu     sync.Mutex // elements may be opened by several goroutines
	chunks []*chunk
	at     int // the chunk in use; those before are full
}

// chunk is memory for the members of some elements.
type chunk struct {
	heads [32]members
	room  [512]member
	used  int // of heads
	taken int // of room
}

// Take takes over what p noted of body, with Spread, and gives the page the memory of earlier notes.
func (n *Notes) Take(body []byte, p *rawjson.Page) {
	n.body = body
	n.parts, p.Parts = p.Parts, n.parts[:0]
	n.ends, p.Ends = p.Ends, n.ends[:0]
}

// Drop empties the notes, for the next page.
func (n *Notes) Drop() {
	n.body, n.parts, n.ends = nil, n.parts[:0], n.ends[:0]
	n.Back(Mark{})
}

// Mark is a point in the use of the members' memory.
type Mark struct{ at, used, taken int }

// Mark gives the present point.
func (n *Notes) Mark() Mark {
	if n.at == len(n.chunks) {
		return Mark{at: n.at}
	}
	return Mark{n.at, n.chunks[n.at].used, n.chunks[n.at].taken}
}

// Back gives the memory back that was taken since the mark: no element that was opened since is looked at any more, unless it was
// sealed.
func (n *Notes) Back(m Mark) {
	for i := m.at; i <= n.at && i < len(n.chunks); i++ {
		c := n.chunks[i]
		clear(c.heads[m.used:c.used])
		clear(c.room[m.taken:c.taken])
		c.used, c.taken = m.used, m.taken
		m.used, m.taken = 0, 0
	}
	n.at = m.at
}

// members makes members with room for size of them.
func (n *Notes) members(size int) *members {
	if size += spareMembers; size > len(chunk{}.room) {
		return roomFor(size)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at < len(n.chunks) {
		if c := n.chunks[n.at]; c.used == len(c.heads) || len(c.room)-c.taken < size {
			n.at++
		}
	}
	if n.at == len(n.chunks) {
		n.chunks = append(n.chunks, new(chunk))
	}
	c := n.chunks[n.at]
	m := &c.heads[c.used]
	m.list = c.room[c.taken : c.taken : c.taken+size]
	c.used++
	c.taken += size
	return m
}

// Init makes d what InitClean or InitLazy would, of the element i, whose text is raw.
func (n *Notes) Init(d *Dict, i int, raw []byte, clean bool) {
	from := int32(0)
	if i > 0 {
		from = n.ends[i-1]
	}
	*d = Dict{raw: raw, clean: clean, notes: n, from: from, to: n.ends[i]}
}

// noted gives the text of a member, the last one of its name.
func (d *Dict) noted(key string) ([]byte, bool) {
	n := d.notes
	for i := d.to - 1; i >= d.from; i-- {
		if p := n.parts[i]; rawjson.KeyIs(p.Name(n.body), key) {
			return p.Value(n.body), true
		}
	}
	return nil, false
}

// Texts calls f with each member of the text that d came from, its name as it is written and its value, until f returns false. It
// does not look at what was changed since.
func (d *Dict) Texts(f func(key, val []byte) bool) error {
	if d.notes == nil {
		return rawjson.Members(d.raw, f)
	}
	for _, p := range d.notes.parts[d.from:d.to] {
		if !f(p.Name(d.notes.body), p.Value(d.notes.body)) {
			break
		}
	}
	return nil
}

// openNoted is openMembers of an element.
func (d *Dict) openNoted() *members {
	n := d.notes
	var room [indexFrom]found
	all := room[:0]
	for _, p := range n.parts[d.from:d.to] {
		all = append(all, found{key: p.Name(n.body), val: p.Value(n.body)})
	}
	m := n.members(len(all))
	m.fill(all)
	return m
}
