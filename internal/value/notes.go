package value

import (
	"sync"

	"anytap/internal/rawjson"
)

// Notes hold what the scan of a page has found out about its elements, so that their members need
// not be searched for again, and the memory for the members of opened elements. Drop makes both
// available for the next page. By then, the elements and their texts must not be used any more.
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

// Take takes over what p noted of body, with Spread, and gives the page the memory of earlier
// notes.
func (n *Notes) Take(body []byte, p *rawjson.Page) {
	n.body = body
	n.parts, p.Parts = p.Parts, n.parts[:0]
	n.ends, p.Ends = p.Ends, n.ends[:0]
}

// Drop empties the notes for the next page.
func (n *Notes) Drop() {
	n.body, n.parts, n.ends = nil, n.parts[:0], n.ends[:0]
	n.Back(Mark{})
}

// Mark is a state of the members' memory, see Back.
type Mark struct{ at, used, taken int }

// Mark gives the current state.
func (n *Notes) Mark() Mark {
	if n.at == len(n.chunks) {
		return Mark{at: n.at}
	}
	return Mark{n.at, n.chunks[n.at].used, n.chunks[n.at].taken}
}

// Back releases the memory that was used since the mark. Elements that were opened since must not
// be used any more, unless they were sealed.
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

// Init is InitClean or InitLazy for element i, whose text is raw.
func (n *Notes) Init(d *Dict, i int, raw []byte, clean bool) {
	from := int32(0)
	if i > 0 {
		from = n.ends[i-1]
	}
	*d = Dict{raw: raw, clean: clean, notes: n, from: from, to: n.ends[i]}
}

// noted gives the text of the last member with this name.
func (d *Dict) noted(key string) ([]byte, bool) {
	n := d.notes
	for i := d.to - 1; i >= d.from; i-- {
		if p := n.parts[i]; rawjson.KeyIs(p.Name(n.body), key) {
			return p.Value(n.body), true
		}
	}
	return nil, false
}

// Texts calls f with the name and value of each member in the original text of d, both as they are
// written there, until f returns false. It ignores later changes.
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

// openNoted is openMembers for an element with notes.
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
