package paging

import (
	"anytap/internal/value"
	"anytap/state"
)

// forecast is what is known of the pages behind the one that was read last.
type forecast struct {
	pages  int   // that came in a row, each followed by the one that a count gives
	last   int64 // index of the last page that will be asked for, as an answer told it; 0: none did
	looked bool  // an answer was looked at for it
	long   bool  // it is worth to ask for more than the next page
	astray bool  // a page was asked for that is not the next one: nothing is foretold any more
}

// Pages whose addresses are numbers are asked for ahead as far as a total goes that an answer tells, if by it
// worthPages or more follow. Where none is told it is one page more for every growPages that came, so that of all
// requests one in growPages at most is in vain.
const (
	worthPages = 8
	growPages  = 16
)

// most is how many pages of the slice may be asked for at a time.
func (w *walk) most() int {
	most := w.Settings.Prefetch
	if most == 0 {
		most = w.ahead.slots.Most()
	}
	if bound := w.Runtime.Settings.Prefetch; bound > 0 {
		most = min(most, bound)
	}
	return most
}

// forecast is how many pages from next on, the one behind p, may be asked for before p is handed over; 0: none. The
// next one is needed in any case. Those behind it are asked for only where their addresses are known, and
// where it costs nothing but perhaps a few requests past the end, whose answers nobody looks at.
func (w *walk) forecast(p *page, next any) int {
	a := w.ahead
	if value.Equal(w.can.Counts.After(w.token), next) {
		a.pages++
	} else {
		a.pages = 0
	}
	switch {
	case w.most() < 2, w.Properties != nil, w.Shrink != nil, w.tracker.reset.Limited:
		return 0
	case w.Settings.Prefetch == 0 && w.Settings.Credits != nil:
		return 0 // the page would be paid for even if the read ends before it
	case w.Settings.Speculate:
		return w.most()
	}
	left, known := w.pagesLeft(p)
	body, held := p.response.Held()
	a.size = len(body)
	switch {
	case known && w.Settings.Prefetch > 0:
		return int(max(left, 1))
	case !w.orderly(), !held:
		return 1
	case known:
		return a.worth(left)
	case a.astray || w.limits.Rated():
		return 1
	}
	return w.guess(p)
}

// worth is how many of so many pages that are left are asked for ahead. A short rest is read one by one: little would be won,
// and a total is not always true.
func (f *forecast) worth(left int64) int {
	f.long = f.long || left >= worthPages
	if !f.long {
		return 1
	}
	return int(max(left, 1))
}

// orderly reports whether several pages may be asked for at a time: nothing but their addresses leads from one to the next,
// and no limit is near.
func (w *walk) orderly() bool {
	return w.requests.Safe && !w.DataFeed && w.Reset == nil && w.Split == nil && !w.limits.Strained()
}

// guess is the forecast where neither manifest nor configuration say where an answer tells the total.
func (w *walk) guess(p *page) int {
	a := w.ahead
	if a.pages == 0 || a.slots != nil && !a.slots.Spare() && a.held == 0 {
		return 1
	}
	n, counts := w.numbers()
	if !counts {
		return 1
	}
	at := n.index(w.token)
	if !a.looked || a.last > 0 && at >= a.last {
		a.looked, a.last = true, max(lastPage(p, n, at), a.last)
	}
	if a.last == 0 || at > a.last+1 { // none told, or it was not true
		return 1 + a.pages/growPages
	}
	return a.worth(a.last - at)
}

// complete reports whether the answer says that p is the last page.
func (w *walk) complete(p *page) bool {
	left, known := w.pagesLeft(p)
	return known && left <= 0
}

// pagesLeft counts the pages behind p by the totals that the answer tells; known is false where it tells none.
func (w *walk) pagesLeft(p *page) (left int64, known bool) {
	n, counts := w.numbers()
	if pages, ok := peekNumber(p.response, w.Settings.TotalPages); ok && counts && w.kind == state.Page {
		return int64(pages) - n.index(w.token) - 1, true
	}
	total, ok := peekNumber(p.response, w.Settings.Total)
	if !ok {
		return 0, false
	}
	size := n.Step
	if counts && w.kind == state.Page {
		asked, err := w.paginator.PageSize()
		if err != nil {
			return 0, false
		}
		size = int64(asked)
	}
	if !counts || size <= 0 {
		return 0, w.counted >= 0 && float64(w.counted) >= total
	}
	pages := (int64(total) + size - 1) / size
	return pages - n.index(w.token) - 1, true
}
