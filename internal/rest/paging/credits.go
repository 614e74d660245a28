package paging

import (
	"fmt"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/tap"
)

// Ledger keeps a run within what it may spend of an API's credits. What a page will cost is set
// aside before it is asked for, so that requests that run at the same time do not overspend
// together; what it did cost is known afterwards. A nil Ledger counts nothing. It is safe for
// concurrent use.
type Ledger struct {
	most float64 // 0: no limit

	mu             sync.Mutex
	spent, pledged float64
}

// NewLedger makes the ledger of a run that may spend most credits; 0: no limit.
func NewLedger(most float64) *Ledger { return &Ledger{most: most} }

// reserve sets credits aside, or refuses.
func (l *Ledger) reserve(credits float64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.most > 0 && l.spent+l.pledged+credits > l.most {
		return &tap.BudgetError{Limit: "max_credits", Used: fmt.Sprintf("%g of %g credits", l.spent+l.pledged, l.most)}
	}
	l.pledged += credits
	return nil
}

// settle puts what a page cost in place of what was set aside for it.
func (l *Ledger) settle(reserved, credits float64) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pledged -= reserved
	l.spent += credits
}

// pledge sets aside what a page may cost before it is asked for.
func (r *reading) pledge(size int) (float64, error) {
	if r.Settings.Credits == nil || r.Ledger == nil {
		return 0, nil
	}
	if size == 0 {
		var err error
		if size, err = r.paginator.PageSize(); err != nil {
			return 0, err
		}
	}
	most := r.Settings.mostCredits(size)
	return most, r.Ledger.reserve(most)
}

// charge settles an answer: by its records, or where these are not wanted any more by what was set
// aside.
func (r *reading) charge(a *rest.Response, credits float64) {
	if a == nil || a.Pledged == 0 && credits == 0 {
		return
	}
	r.Ledger.settle(a.Pledged, credits)
	a.Pledged = 0
}

// abandon settles an answer whose records are not handed on; the API charged for it all the same.
func (r *reading) abandon(a *rest.Response) {
	if a != nil && a.Pledged != 0 {
		r.charge(a, a.Pledged)
	}
}
