package paging

import "anytap/internal/rest"

// sample hands on a page of a slice of which only a sample is wanted, and finds the next page of
// the sample: the one behind it, or at its end the last one of the list.
func (w *walk) sample(p *page) (more bool, err error) {
	var next any
	if w.sampled++; !w.atLast {
		if next, err = w.next(p); err != nil {
			if handErr := w.handPart(p); handErr != nil {
				return false, handErr
			}
			return false, err
		}
		switch {
		case next == nil:
		case w.limits.Strained():
			next = nil
		case w.sampled >= w.Settings.Sample:
			next, w.atLast = w.lastToken(p), true
			w.ctx = rest.WithHandover(w.ctx, false) // the read comes there much later
		}
	}
	if err := w.hand(p, w.after(p, next), next != nil); err != nil {
		return false, err
	}
	if next == nil {
		return false, w.letGo()
	}
	w.token, w.counted = next, -1
	return true, nil
}

// lastToken is the token of the last page as p tells; nil: it does not, or p is the last one.
func (w *walk) lastToken(p *page) any {
	n, ok := w.numbers()
	if !ok {
		return nil
	}
	at := n.index(w.token)
	last := lastPage(p, n, at)
	if size := int64(p.size); size > 0 && last*size == toldTotal(p.response, recordTotals, recordTotalHeaders) {
		last-- // it is the empty one behind the list
	}
	if left, known := w.pagesLeft(p); known {
		last = at + left
	}
	if last <= at {
		return nil
	}
	return n.Start + last*n.Step
}
