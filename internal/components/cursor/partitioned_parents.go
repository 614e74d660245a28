package cursor

import "anytap/internal/value"

// parents moves the state of the parent streams forward. The parents' state as of a partition is
// valid only when that partition and all earlier ones were read. Partitions are numbered from 1 in
// the order in which they come.
type parents struct {
	reached *value.Dict // the parents' state that is valid; nil: none
	queue   []milestone // states that are not valid yet
	count   int
	ended   map[int]bool // partitions that were read before an earlier one
	oldest  int          // all partitions up to this one were read
}

// milestone is the parents' state as of a partition.
type milestone struct {
	state *value.Dict
	seq   int
}

// begin numbers a partition; state is the parents' as of it.
func (p *parents) begin(state *value.Dict) int {
	p.count++
	if n := len(p.queue); n == 0 || p.queue[n-1].state != state && !value.Equal(p.queue[n-1].state, state) {
		p.queue = append(p.queue, milestone{state, p.count})
	}
	return p.count
}

// end marks a partition as read.
func (p *parents) end(seq int) {
	if p.ended == nil {
		p.ended = map[int]bool{}
	}
	p.ended[seq] = true
	for p.ended[p.oldest+1] {
		p.oldest++
		delete(p.ended, p.oldest)
	}
}

// advance moves reached to the last state in the queue that has become valid.
func (p *parents) advance() {
	n := 0
	for n < len(p.queue) && p.queue[n].seq <= p.oldest {
		n++
	}
	if n == 0 {
		return
	}
	if state := p.queue[n-1].state; state != nil {
		p.reached = state
	}
	p.queue = p.queue[n:]
}
