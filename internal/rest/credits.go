package rest

import (
	"fmt"
	"sync"

	"anytap/internal/tap"
)

// ledger keeps a run within what it may spend of an API's credits. What a page will cost is set aside before it is asked for, so
// that requests that run at the same time do not overspend together; what it did cost is known afterwards.
type ledger struct {
	most float64 // 0: no limit

	mu            sync.Mutex
	spent, pledge float64
}

// reserve sets credits aside, or refuses.
func (l *ledger) reserve(credits float64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.most > 0 && l.spent+l.pledge+credits > l.most {
		return &tap.BudgetError{Limit: "max_credits", Used: fmt.Sprintf("%g of %g credits", l.spent+l.pledge, l.most)}
	}
	l.pledge += credits
	return nil
}

// settle puts what a page cost in place of what was set aside for it.
func (l *ledger) settle(reserved, credits float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pledge -= reserved
	l.spent += credits
}

// pledge sets aside what a page may cost before it is asked for.
func (w *walk) pledge(size int) (float64, error) {
	if w.Options.Credits == nil || w.Runtime.Client == nil {
		return 0, nil
	}
	if size == 0 {
		var err error
		if size, err = w.paginator.PageSize(); err != nil {
			return 0, err
		}
	}
	most := w.Options.mostCredits(size)
	return most, w.Runtime.Client.credits.reserve(most)
}

// charge settles an answer: by its records, or where these are not wanted any more by what was set aside.
func (r *Response) charge(w *walk, credits float64) {
	if r == nil || r.pledged == 0 && credits == 0 || w.Runtime.Client == nil {
		return
	}
	w.Runtime.Client.credits.settle(r.pledged, credits)
	r.pledged = 0
}

// abandon settles an answer whose records are not handed on; the API charged for it all the same.
func (r *Response) abandon(w *walk) {
	if r != nil && r.pledged != 0 {
		r.charge(w, r.pledged)
	}
}
