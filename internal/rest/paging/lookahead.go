package paging

import (
	"anytap/state"
)

// peeks counts the looks at a slice's answers, and those that told the next page.
type peeks struct{ tried, told int }

// canPeek reports whether the next page may be asked for while this one is still coming in.
func (w *walk) canPeek() bool {
	a := w.queue
	if w.once || !w.can.Peeks || w.kind != state.Opaque && w.kind != state.NextURL || w.most() < 2 || w.Settings.Credits != nil {
		return false
	}
	if a.astray || a.tried > 1 && a.told == 0 || !w.orderly() || w.Shrink != nil || w.seek.active || w.tracker.reset.Limited {
		return false
	}
	a.tried++
	return true
}

// launchFound asks for the next page, which was found while this one is still coming in.
func (w *walk) launchFound(next any) {
	w.queue.told++
	if len(w.queue.flights) == 0 && w.queue.room(1, w.most()) {
		w.launch(next)
	}
}
