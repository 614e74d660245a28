package paging

import (
	"context"
	"iter"
	"sync"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// queue holds the pages of a slice that were asked for before their turn. Each is read in the
// background, as far as its channel holds batches.
type queue struct {
	flights []*flight
	taken   *flight // the page being handed on; nil: none
	running sync.WaitGroup

	slots *tap.Slots // nil: only the settings limit the number of pages
	held  int        // slots taken beside the slice's own

	next  any // the token of the page behind the one that was read last
	reach int // how many pages, from next on, may be asked for
	size  int // bytes of the page that was read last

	waits bool          // answers were waited for once: it pays to prefetch the next page
	deep  bool          // they still are: it pays to prefetch several
	late  time.Duration // the sum of the latest waits in a row
	calm  int           // pages in a row without a wait

	forecast
	peeks
}

// flight is one page that was asked for before its turn.
type flight struct {
	token   any
	sender  sender
	cancel  context.CancelFunc
	request *rest.PageRequest

	found    chan any      // the next page's token, if it is known before the answer is there whole
	answered chan struct{} // closed once response and err are set
	response *rest.Response
	err      error // that of the request

	batches chan []tap.Record // closed after bad was set
	bad     error             // that of the body
	kept    [][]tap.Record    // all batches, of a trial
}

// mostBatches is how many batches of a page may wait for their turn, so that a large body is not
// held whole.
const mostBatches = 8

// take waits for the token's answer; nil when it was not asked for. It drops pages that were asked
// for in vain. found is told of the next page's token if that is known first.
func (a *queue) take(ctx context.Context, token any, found func(next any)) *flight {
	a.drop()
	for len(a.flights) > 0 {
		f := a.flights[0]
		a.flights = a.flights[1:]
		if !value.Equal(f.token, token) {
			a.astray = true
			f.drop()
			continue
		}
		began := time.Now()
		for {
			select {
			case next := <-f.found:
				found(next)
			case <-f.answered:
				a.waited(time.Since(began))
				a.taken = f
				a.settle(1)
				return f
			case <-ctx.Done():
				f.drop()
				return nil
			}
		}
	}
	return nil
}

// A wait of longWait or more is the API's and not this machine's. Prefetching pays once such waits
// in a row add up to muchWait.
const (
	longWait = 4 * time.Millisecond
	muchWait = 20 * time.Millisecond
)

// Where pages come at once, quickBytes of prefetched pages are enough to keep the API and this
// program busy at the same time. That is at least two pages, whatever their size, and at most
// quickPages.
const (
	quickBytes = 512 << 10
	quickPages = 8
)

// waited notes how long a page was waited for. Prefetched pages cost memory, so many are asked for
// only where that saves waiting: not while the API answers at once, and not while pages come faster
// than they are written.
func (a *queue) waited(d time.Duration) {
	if d < longWait {
		a.late = 0
		if a.calm++; a.calm > 2*(len(a.flights)+1) {
			a.deep = false
		}
		return
	}
	a.calm = 0
	if a.late += d; a.late >= muchWait {
		a.waits, a.deep = true, true
	}
}

// drop discards what is left of the page that was taken.
func (a *queue) drop() {
	if a.taken != nil {
		a.taken.drop()
		a.taken = nil
	}
}

// close discards all pages and waits until their goroutines have ended.
func (a *queue) close() {
	a.drop()
	for _, f := range a.flights {
		f.cancel()
	}
	for _, f := range a.flights {
		f.drop()
	}
	a.flights, a.next, a.reach = nil, nil, 0
	a.running.Wait()
	a.settle(0)
}

// room reports whether one more page may be asked for. own counts the pages (0 or 1) that the walk
// itself has; most is the limit for all of them together. It takes a slot where the slice's own is
// not enough.
func (a *queue) room(own, most int) bool {
	pages := len(a.flights) + own
	switch {
	case pages >= most:
		return false
	case a.slots == nil || pages <= a.held:
		return true
	case !a.slots.TryTake():
		return false
	}
	a.held++
	return true
}

// settle gives back the slots that are no longer needed.
func (a *queue) settle(own int) {
	for a.held > max(len(a.flights)+own-1, 0) {
		a.slots.Give()
		a.held--
	}
}

func (a *queue) has(token any) bool {
	for _, f := range a.flights {
		if value.Equal(f.token, token) {
			return true
		}
	}
	return false
}

// drop ends the flight and waits until it has ended.
func (f *flight) drop() {
	f.cancel()
	for range f.batches {
	}
	f.sender.abandon(f.response)
	if f.response != nil && f.response.Body != nil {
		_ = f.response.Body.Close()
	}
}

// records yields the page's batches as they come; nil when there is no answer.
func (f *flight) records() iter.Seq2[[]tap.Record, error] {
	if f.err != nil || f.response == nil {
		return nil
	}
	return func(yield func([]tap.Record, error) bool) {
		for batch := range f.batches {
			if !yield(batch, nil) {
				return
			}
		}
		if f.bad != nil {
			yield(nil, f.bad)
		}
	}
}

// prefetch asks for the pages behind p, as far as the forecast goes, while p is handed on.
func (w *walk) prefetch(p *page, next any) {
	w.queue.next, w.queue.reach = next, w.forecast(p, next)
	w.fill(1)
}

// depth is how many of the pages that may be prefetched are. Where the API answers at once, one
// page more does not pay: it would come before this page is written.
func (w *walk) depth() int {
	a := w.queue
	switch {
	case a.deep || w.Settings.Prefetch > 0:
		return a.reach
	case a.reach > 1:
		return min(a.reach, max(quickBytes/max(a.size, 1), 2), quickPages)
	case a.waits:
		return a.reach
	}
	return 0
}

// fill prefetches as many pages as there is room for; own counts the pages that the walk has
// itself.
func (w *walk) fill(own int) {
	token := w.queue.next
	for n, depth := 0, w.depth(); n < depth && token != nil; n++ {
		if !w.queue.has(token) {
			if !w.queue.room(own, w.most()) {
				return
			}
			w.launch(token)
		}
		token = w.counting().After(token)
	}
}

// wait takes the token's answer from the queue; nil: it is not there. While it waits, the slice's
// own slot serves for one more page.
func (w *walk) wait(token any) *flight {
	if w.depth() > 1 && value.Equal(w.queue.next, token) {
		w.queue.drop()
		w.fill(0)
	}
	return w.queue.take(w.ctx, token, w.launchFound)
}

// launch asks for the token's page in the background.
func (w *walk) launch(token any) {
	ctx, cancel := context.WithCancel(w.ctx)
	f := &flight{token: token, cancel: cancel, answered: make(chan struct{}), batches: make(chan []tap.Record, mostBatches)}
	f.request, f.err = w.request(token, nil)
	f.sender = w.sender()
	w.queue.flights = append(w.queue.flights, f)
	if w.canPeek() {
		f.found = make(chan any, 1)
	}
	w.queue.running.Go(func() { defer tap.Guard(); f.fly(ctx) })
}

func (f *flight) fly(ctx context.Context) {
	defer close(f.batches)
	if f.err == nil {
		var found func(next any)
		if f.found != nil {
			found = func(next any) { f.found <- next }
		}
		f.response, f.err = f.sender.send(ctx, f.request, found)
	}
	close(f.answered)
	if f.err != nil || f.response == nil {
		return
	}
	for batch, err := range f.sender.Selector.Select(ctx, f.response, f.sender.selection(f.request)) {
		if len(batch) > 0 || err == nil {
			select {
			case f.batches <- batch:
			case <-ctx.Done():
				f.bad = ctx.Err()
				return
			}
		}
		if err != nil {
			f.bad = err
			return
		}
	}
}
