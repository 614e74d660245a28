package exchange

import (
	"sync"

	"anytap/internal/rest"
)

// memories keeps the memory that bodies are read into, to use it again once nothing refers to a
// body or its records any more. Memory that is never released is left to the garbage collector. The
// zero value is empty.
type memories struct{ free sync.Pool }

// memory is that of one body.
type memory struct {
	bytes []byte
	home  *memories
}

// take gives memory for size bytes, with some to spare where it has to be made: the pages of a
// stream differ a little.
func (p *memories) take(size int) *memory {
	m, ok := p.free.Get().(*memory)
	if !ok {
		m = &memory{home: p}
	}
	if cap(m.bytes) < size {
		m.bytes = make([]byte, 0, size+size/8)
	}
	return m
}

func (m *memory) release() {
	rest.Poison(m.bytes)
	m.home.free.Put(m)
}
