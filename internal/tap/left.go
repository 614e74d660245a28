package tap

import "anytap/state"

// What an earlier run left and this one does not use is always said, since it is then read again.

// mostUnused is how many positions that are not used are named; the others are counted.
const mostUnused = 5

// unused says that the position of an earlier run is not used, and forgets it.
func (r *reader) unused(s state.SlicePosition, reason string) {
	key := state.SliceKey(s.Partition, s.Window)
	if r.progress.forget(key) {
		r.log.Warn("the position of the last run is not used: "+reason, "stream", r.Stream.Name, "slice", key)
	}
}

// sayUnused says which positions of an earlier run were not used, once all slices have come.
func (r *reader) sayUnused() {
	rest := r.progress.untaken()
	for i, s := range rest {
		if i == mostUnused {
			r.log.Warn("more positions of the last run are not used", "stream", r.Stream.Name, "count", len(rest)-i)
		}
		if i < mostUnused {
			r.unused(s, "its slice did not come; its partition is gone, or its window is not read any more")
		} else {
			r.progress.forget(state.SliceKey(s.Partition, s.Window))
		}
	}
}

// warnOnce logs a warning about the stream that each bookmark would give.
func (r *reader) warnOnce(text string) {
	if !r.warned {
		r.warned = true
		r.log.Warn(text, "stream", r.Stream.Name)
	}
}

// forget drops a position that an earlier run left. It reports whether nobody had taken it.
func (p *progress) forget(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.left[key]; !ok {
		return false
	}
	delete(p.left, key)
	p.drop(key)
	return true
}

// untaken are the slices of an earlier run's positions that did not come, in the order in which
// they began.
func (p *progress) untaken() []state.SlicePosition {
	p.mu.Lock()
	defer p.mu.Unlock()
	var rest []state.SlicePosition
	for _, key := range p.order {
		if _, ok := p.left[key]; ok {
			rest = append(rest, p.open[key].SlicePosition)
		}
	}
	return rest
}
