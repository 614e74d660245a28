package cursor

import "anytap/internal/value"

// parents moves the state of parent streams forward. A parent's state may be kept only when every partition that came
// before it, and the one it came with, is read: partitions are numbered from 1 in the order they came.
type parents struct {
	reached *value.Dict // what the state holds; nil: nothing
	queue   []milestone // states that were not reached yet
	count   int
	ended   map[int]bool // partitions that ended before an earlier one
	oldest  int          // all partitions up to this one have ended
}

// milestone is the parents' state as of a partition.
type milestone struct {
	state *value.Dict
	seq   int
}

// begin numbers a partition that came with a state of the parents.
func (p *parents) begin(state *value.Dict) int {
	p.count++
	if n := len(p.queue); n == 0 || p.queue[n-1].state != state && !value.Equal(p.queue[n-1].state, state) {
		p.queue = append(p.queue, milestone{state, p.count})
	}
	return p.count
}

// end says that a partition is read.
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

// advance takes what can be taken from the queue.
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
