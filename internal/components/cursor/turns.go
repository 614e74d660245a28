package cursor

import "anytap/state"

// turns are the order in which the partitions of an unfinished read are read. Those that an earlier
// run of it has finished come last, so that a read that a budget ends again and again comes to all
// of them. Once all others are finished, counting begins anew: from then on a partition is finished
// that was read in this last turn.
type turns struct {
	before  map[string]bool // the hashed keys of those that earlier runs have finished
	done    []string        // the hashed keys of all that are finished, in whatever run
	again   []string        // of those in the last turn that are finished
	pending int             // partitions of the first turn that came and are not finished
	all     bool            // all partitions came
	rotated bool            // only again counts
}

// newTurns takes over what an earlier read finished; left may be nil.
func newTurns(left *state.Bookmark) turns {
	t := turns{before: map[string]bool{}}
	if left == nil {
		return t
	}
	t.done = append(t.done, left.Done...)
	for _, hash := range left.Done {
		t.before[hash] = true
	}
	return t
}

// last reports whether a partition belongs to the last turn. That does not change.
func (t *turns) last(key string) bool { return len(t.before) > 0 && t.before[state.HashKey(key)] }

// begin takes note of a partition of the first turn.
func (t *turns) begin() { t.pending++ }

// end takes note that a partition was read to its end; last says in which turn.
func (t *turns) end(key string, last bool) {
	hash := state.HashKey(key)
	if last {
		t.again = append(t.again, hash)
	} else {
		t.pending--
		if len(t.done) < maxPartitions && !t.before[hash] {
			t.done = append(t.done, hash)
		}
	}
	t.rotate()
}

// came takes note that all partitions of the first turn came.
func (t *turns) came() {
	t.all = true
	t.rotate()
}

func (t *turns) rotate() { t.rotated = t.rotated || t.all && t.pending == 0 }

// finished are the partitions that the next run reads last.
func (t *turns) finished() []string {
	if t.rotated {
		return t.again
	}
	return t.done
}
