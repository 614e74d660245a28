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

// ahead are the pages of a slice that were asked for before their turn. Each is read in the background, as far
// as its channel holds.
type ahead struct {
	flights []*flight
	taken   *flight // the one being handed on; nil: none
	running sync.WaitGroup

	slots *tap.Slots // nil: only the options bound how many there are
	held  int        // slots taken; the slice's own is one more

	next  any // the token behind the page that was read last
	reach int // how many pages from there on may be asked for
	size  int // bytes of the page that was read last

	waits bool          // answers were waited for, so that it pays to ask early
	deep  bool          // they still are, so that it pays to ask for several
	late  time.Duration // how long those in a row were waited for that were
	calm  int           // pages in a row that were not waited for

	forecast
	peeks
}

// flight is one page on its way.
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
}

// batchesAhead is how many batches of a page may wait for their turn: a large body is not held whole.
const batchesAhead = 8

// take waits for the token's answer; nil when it was not asked for. Pages that were asked for in vain are dropped. found is told of the
// next page's token, should that be known before.
func (a *ahead) take(ctx context.Context, token any, found func(next any)) *flight {
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

// A wait is for an API, rather than for this machine, from longWait on, and it is worth something to end it once such waits in a row
// make up muchWait.
const (
	longWait = 4 * time.Millisecond
	muchWait = 20 * time.Millisecond
)

// Where pages come at once, quickBytes of them ahead keep the API and this program at work at the same time; more would be memory spent
// for nothing. That is two pages at least, however large, and quickPages at most.
const (
	quickBytes = 512 << 10
	quickPages = 8
)

// waited notes how long a page was waited for. Pages ahead cost memory, so that many are asked for only where that saves waiting: not
// while the API answers at once, nor while they come faster than they are written.
func (a *ahead) waited(d time.Duration) {
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

// drop gives up what is left of the page that was taken.
func (a *ahead) drop() {
	if a.taken != nil {
		a.taken.drop()
		a.taken = nil
	}
}

// close drops what is left and waits until nothing runs any more.
func (a *ahead) close() {
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

// room reports whether one more page may be asked for, beside the flights and the pages (0 or 1) that the walk itself has: at
// most so many in all. It takes a slot where the slice's own is not enough.
func (a *ahead) room(own, most int) bool {
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

// settle gives back the slots that no page needs any more.
func (a *ahead) settle(own int) {
	for a.held > max(len(a.flights)+own-1, 0) {
		a.slots.Give()
		a.held--
	}
}

func (a *ahead) has(token any) bool {
	for _, f := range a.flights {
		if value.Equal(f.token, token) {
			return true
		}
	}
	return false
}

// drop ends the flight and waits for that.
func (f *flight) drop() {
	f.cancel()
	for range f.batches {
	}
	f.sender.abandon(f.response)
	if f.response != nil && f.response.Body != nil {
		_ = f.response.Body.Close()
	}
}

// records gives the page's batches as they come; nil when there is no answer.
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

// prefetch asks for the page behind p while p is handed over, and for more behind that as far as the forecast goes.
func (w *walk) prefetch(p *page, next any) {
	w.ahead.next, w.ahead.reach = next, w.forecast(p, next)
	w.fill(1)
}

// depth is how many of the pages that may be asked for ahead are to be. To ask an API that answers at once for
// just one more does not pay: it would come before this page is out of the way.
func (w *walk) depth() int {
	a := w.ahead
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

// fill asks for pages ahead as far as there is room; own counts the pages that the walk has itself.
func (w *walk) fill(own int) {
	token := w.ahead.next
	for n, depth := 0, w.depth(); n < depth && token != nil; n++ {
		if !w.ahead.has(token) {
			if !w.ahead.room(own, w.most()) {
				return
			}
			w.launch(token)
		}
		token = w.can.Counts.After(token)
	}
}

// wait gets the token's answer from those that were asked for ahead; nil: it is not among them. While it is
// waited for, the slice's own slot serves for one page more.
func (w *walk) wait(token any) *flight {
	if w.depth() > 1 && value.Equal(w.ahead.next, token) {
		w.ahead.drop()
		w.fill(0)
	}
	return w.ahead.take(w.ctx, token, w.launchFound)
}

// launch asks for the token's page in the background.
func (w *walk) launch(token any) {
	ctx, cancel := context.WithCancel(w.ctx)
	f := &flight{token: token, cancel: cancel, answered: make(chan struct{}), batches: make(chan []tap.Record, batchesAhead)}
	f.request, f.err = w.request(token, nil)
	f.sender = w.sender()
	w.ahead.flights = append(w.ahead.flights, f)
	if w.canPeek() {
		f.found = make(chan any, 1)
	}
	w.ahead.running.Go(func() { f.fly(ctx) })
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
