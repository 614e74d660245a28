package rest

import (
	"context"
	"iter"
	"sync"

	"anytap/state"
	"anytap/tap"
	"anytap/value"
)

// ahead are the pages of a slice that were asked for before their turn. Each is read in the background, as far
// as its channel holds. The zero value is an empty queue.
type ahead struct {
	flights []*flight
	taken   *flight // the one being handed on; nil: none
	running sync.WaitGroup
}

// flight is one page on its way.
type flight struct {
	token   any
	walk    *walk
	cancel  context.CancelFunc
	request *PageRequest

	answered chan struct{} // closed once response and err are set
	response *Response
	err      error // that of the request

	batches chan []tap.Record // closed after bad was set
	bad     error             // that of the body
}

// batchesAhead is how many batches of a page may wait for their turn: a large body is not held whole.
const batchesAhead = 8

// take waits for the token's answer; nil when it was not asked for. Pages that were asked for in vain are dropped.
func (a *ahead) take(ctx context.Context, token any) *flight {
	a.drop()
	for len(a.flights) > 0 {
		f := a.flights[0]
		a.flights = a.flights[1:]
		if !value.Equal(f.token, token) {
			f.drop()
			continue
		}
		select {
		case <-f.answered:
			a.taken = f
			return f
		case <-ctx.Done():
			f.drop()
			return nil
		}
	}
	return nil
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
		f.drop()
	}
	a.flights = nil
	a.running.Wait()
}

// drop ends the flight and waits for that.
func (f *flight) drop() {
	f.cancel()
	for range f.batches {
	}
	f.response.abandon(f.walk)
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

// prefetch asks for the page behind p, and for more behind that where they are known to be there, so many at a
// time as the options allow. Nothing is asked for that a read one by one would not ask for, unless the options
// say so.
func (w *walk) prefetch(p *page, next any) {
	most := w.Options.Prefetch
	if most < 2 || w.Properties != nil || w.Shrink != nil || w.tracker.reset.Limited {
		return
	}
	for token := next; token != nil && len(w.ahead.flights) < most-1; token = w.paginator.Ahead(token) {
		if !w.certain(p, token, next) {
			return
		}
		if !w.ahead.has(token) {
			w.launch(token)
		}
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

// certain reports whether the token's page may be asked for already.
func (w *walk) certain(p *page, token, next any) bool {
	if value.Equal(token, next) || w.Options.Speculate {
		return true
	}
	left, known := w.pagesLeft(p)
	if !known {
		return false
	}
	n, ok := countedBy(w.paginator)
	return ok && n.index(token)-n.index(w.token) <= left
}

// launch asks for the token's page in the background.
func (w *walk) launch(token any) {
	ctx, cancel := context.WithCancel(w.ctx)
	f := &flight{token: token, cancel: cancel, answered: make(chan struct{}), batches: make(chan []tap.Record, batchesAhead)}
	f.request, f.err = w.request(token, nil)
	w.ahead.flights = append(w.ahead.flights, f)
	background := *w
	background.ctx = ctx
	f.walk = &background
	w.ahead.running.Go(func() { f.fly(f.walk) })
}

func (f *flight) fly(w *walk) {
	defer close(f.batches)
	if f.err == nil {
		f.response, f.err = w.send(f.request)
	}
	close(f.answered)
	if f.err != nil || f.response == nil {
		return
	}
	for batch, err := range w.Selector.Select(w.ctx, f.response, w.selection(f.request)) {
		if len(batch) > 0 {
			select {
			case f.batches <- batch:
			case <-w.ctx.Done():
				f.bad = w.ctx.Err()
				return
			}
		}
		if err != nil {
			f.bad = err
			return
		}
	}
}

// complete reports whether the answer says that p is the last page.
func (w *walk) complete(p *page) bool {
	left, known := w.pagesLeft(p)
	return known && left <= 0
}

// pagesLeft counts the pages behind p by the totals that the answer tells; known is false where it tells none.
func (w *walk) pagesLeft(p *page) (left int64, known bool) {
	n, counts := countedBy(w.paginator)
	if pages, ok := peekNumber(p.response, w.Options.TotalPages); ok && counts && w.kind == state.Page {
		return int64(pages) - n.index(w.token) - 1, true
	}
	total, ok := peekNumber(p.response, w.Options.Total)
	if !ok {
		return 0, false
	}
	size := n.step
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
