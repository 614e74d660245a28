package paging

import (
	"anytap/internal/value"
	"anytap/state"
)

// forecast is what is known of the pages that are still to come.
type forecast struct {
	pages  int   // pages in a row whose next token was the one that counting gives
	last   int64 // index of the last page, as an answer told it; 0: none did
	looked bool  // an answer was searched for it
	long   bool  // enough pages are left to prefetch more than the next one
	astray bool  // a page was prefetched that was not the next one: only one is prefetched from now on
}

// Pages with numbers are prefetched up to the last one that an answer tells of, if at least
// worthPages are left. Where no answer tells, one more page is prefetched for every growPages that
// came, so that at most one request in growPages is in vain.
const (
	worthPages = 8
	growPages  = 16
)

// most is how many pages of the slice may be asked for at a time.
func (w *walk) most() int {
	most := w.Settings.Prefetch
	if most == 0 {
		most = w.queue.slots.Most()
	}
	if bound := w.Runtime.Settings.Prefetch; bound > 0 {
		most = min(most, bound)
	}
	return most
}

// forecast is how many pages may be prefetched from next on, which is the page behind p; 0: none.
// next is needed in any case. Pages behind it are prefetched only where their tokens are known and
// the worst that can happen is a few requests past the end.
func (w *walk) forecast(p *page, next any) int {
	a := w.queue
	if value.Equal(w.counting().After(w.token), next) {
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

// worth is how many of the pages that are left are prefetched. A few are read one by one: there is
// little to gain, and totals are not always right.
func (f *forecast) worth(left int64) int {
	f.long = f.long || left >= worthPages
	if !f.long {
		return 1
	}
	return int(max(left, 1))
}

// orderly reports whether several pages may be asked for at a time: requests only read, no page
// depends on what an earlier one held, and no limit is near.
func (w *walk) orderly() bool {
	return w.requests.Safe && !w.DataFeed && w.Reset == nil && w.Split == nil && !w.limits.Strained()
}

// guess is the forecast where neither the manifest nor the configuration says where answers tell
// the total.
func (w *walk) guess(p *page) int {
	a := w.queue
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

// mostCounted bounds totals. What is more, such as the greatest number of 64 bits, stands for an
// unknown one, as -1 does.
const mostCounted = 1 << 53

// pagesLeft counts the pages behind p by the totals that the answer tells; known is false where it
// tells none.
func (w *walk) pagesLeft(p *page) (left int64, known bool) {
	n, counts := w.numbers()
	if pages, ok := peekNumber(p.response, w.Settings.TotalPages); ok && counts && w.kind == state.Page {
		if !(pages >= 0 && pages <= mostCounted) {
			return 0, false
		}
		return int64(pages) - n.index(w.token) - 1, true
	}
	total, ok := peekNumber(p.response, w.Settings.Total)
	if !ok || !(total >= 0 && total <= mostCounted) {
		return 0, false
	}
	size := n.Step
	if counts && w.kind == state.Page {
		asked, err := w.paginator.PageSize()
		if err != nil {
			return 0, false
		}
		if size = int64(asked); w.ending.size > 0 {
			size = min(size, w.ending.size)
		}
	}
	if !counts || size <= 0 {
		return 0, w.counted >= 0 && float64(w.counted) >= total
	}
	pages := (int64(total) + size - 1) / size
	return pages - n.index(w.token) - 1, true
}
