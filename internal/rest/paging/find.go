package paging

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// discovery is what the slices of a stream have found out about the way of paging. All of them
// share it, also those of which a sample was read for the schema.
type discovery struct {
	mu  sync.Mutex
	way *rest.Way // nil: none was found yet
	// vain says that the API ignores what was tried without a sign in its answer.
	vain bool
}

func (d *discovery) get() (way *rest.Way, vain bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.way, d.vain
}

// keep notes what a search found; nil: there is one page. It reports whether that is news.
func (d *discovery) keep(way *rest.Way, tried bool) (news bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if way == nil {
		news = tried && !d.vain
		d.vain = d.vain || tried
		return news
	}
	news = d.way == nil
	if news {
		d.way = way
	}
	return news
}

// with is the reading by another paginator.
func (r *reading) with(p rest.Paginator, addresses bool) *reading {
	other := *r
	other.paginator, other.can = p, p.Abilities()
	if addresses && !r.FirstOnly {
		loop := *r.Loop
		loop.FirstOnly = true
		other.Loop = &loop
	}
	return &other
}

// adopt goes on by a way of paging that was found.
func (w *walk) adopt(way *rest.Way) {
	w.reading = w.reading.with(way.Paginator, way.Addresses)
	w.kind, w.guard.kind, w.settings = w.paginator.Kind(), w.paginator.Kind(), way.Settings
}

// adoptKept goes on by the way of paging that an earlier run found and kept with its position.
func (w *walk) adoptKept(p *state.Position) {
	if w.can.Find == nil || p == nil || p.Pagination == nil {
		return
	}
	way, err := w.can.Find.Known(p.Pagination)
	if err != nil {
		w.log.Warn("the way of paging that the last run found is not used", "stream", w.Stream, "error", err)
		return
	}
	w.found.keep(way, false)
	w.adopt(way)
}

// noted takes a batch into the sample of its page, while a way of paging is looked for.
func (w *walk) noted(p *page, batch []tap.Record) {
	if w.can.Find == nil {
		return
	}
	if p.sample == nil {
		p.sample = &rest.Sample{}
	}
	p.sample.Add(w.PrimaryKey, batch, w.guard.hashValue)
}

// likelyAPage is from how many records on a round number of them is more likely a page than a list.
const likelyAPage = 20

// explore finds the way of paging by the first page of a slice, or takes the one that another slice
// found. The walk goes on by it, as if it had known; where there is one page it stays as it is.
func (w *walk) explore(p *page) error {
	way, vain := w.found.get()
	if way != nil {
		w.adopt(way)
		return nil
	}
	if p.sample == nil {
		p.sample = &rest.Sample{}
	}
	sample := p.sample
	sample.Response, sample.Request, sample.Vain = p.response, p.request, vain
	t := &trials{walk: w}
	ask := rest.Ask(t.ask)
	if w.Settings.Sample > 0 && tap.GoingOn(w.ctx) {
		ask = t.askNoGuess
	}
	way, err := w.can.Find.Look(sample)(w.ctx, ask)
	w.tellPaged(p, way)
	if err != nil {
		t.drop(nil)
		return err
	}
	news := w.found.keep(way, len(t.flights) > 0)
	if way == nil {
		t.drop(nil)
		if news {
			level := slog.LevelInfo
			if len(sample.Keys) >= likelyAPage {
				level = slog.LevelWarn
			}
			w.log.Log(w.ctx, level, "the list is taken to be one page: its answer names no next one, and the API ignores or refuses the usual parameters of pages; "+
				`if there are more records, say in the stream's configuration how its pages are asked for; if not, "pagination": {"type": "none"} says so`, "stream", w.Stream)
		}
		return nil
	}
	if news {
		w.log.Info("the way of paging was found by looking at the answers; to keep it, put this into the stream's configuration: \"pagination\": "+
			string(value.Append(nil, way.Shown)), "stream", w.Stream)
	}
	w.adopt(way)
	if second := t.drop(way); second != nil {
		w.queue.flights = append(w.queue.flights, second)
	}
	return nil
}

// tellPaged tells Runtime.Paged, if somebody asks.
func (w *walk) tellPaged(p *page, way *rest.Way) {
	if w.Runtime.Paged == nil {
		return
	}
	found := tap.Paging{Records: p.response.Found.Path}
	if way != nil {
		found.Pagination = way.Shown
	}
	w.Runtime.Paged(w.Stream, found)
}

// trials are the pages that were asked for to try a way of paging.
type trials struct {
	*walk
	flights []*flight
	warned  bool // of requests that may have effects
}

// ask is rest.Ask.
func (t *trials) ask(p rest.Paginator, token any, guess bool) (page *rest.Sample, refused, err error) {
	if guess && !t.requests.Safe && !t.warned {
		t.warned = true
		t.log.Info("the way of paging is looked for by requests whose method may have effects; pagination in the stream's configuration saves them", "stream", t.Stream)
	}
	f, err := t.fly(p, token, guess)
	if err != nil {
		return nil, nil, err
	}
	t.flights = append(t.flights, f)
	if failed := errors.Join(f.err, f.bad); failed != nil {
		if t.isRefusal(failed, guess) {
			return nil, failed, nil
		}
		return nil, nil, failed
	}
	page = &rest.Sample{Response: f.response, Request: f.request}
	if f.response == nil { // the error handler ignored it
		return page, nil, nil
	}
	for _, batch := range f.kept {
		page.Add(t.PrimaryKey, batch, t.guard.hashValue)
	}
	return page, nil, nil
}

// askNoGuess is ask for the sample of a stream whose read goes on from a state: it follows what an
// answer says, and tries no parameters. The read has other pages, so that each run would try them
// for the sample alone.
func (t *trials) askNoGuess(p rest.Paginator, token any, guess bool) (page *rest.Sample, refused, err error) {
	if guess {
		return nil, errNoGuess, nil
	}
	return t.ask(p, token, guess)
}

var errNoGuess = errors.New("no parameters are tried for the sample of a read that goes on")

// isRefusal reports whether an API would not have a trial. A server may also break down at a guess.
func (t *trials) isRefusal(err error, guess bool) bool {
	if _, ok := errors.AsType[tap.Refused](err); ok {
		return true
	}
	if _, ok := errors.AsType[*rest.ActionError](err); ok {
		return true
	}
	_, spent := errors.AsType[*tap.BudgetError](err)
	return guess && !spent && t.ctx.Err() == nil && tap.KindOf(err) == tap.Transient
}

// fly asks for a page and waits until it has come whole.
func (t *trials) fly(p rest.Paginator, token any, guess bool) (*flight, error) {
	r := t.reading.with(p, p.Kind() == state.NextURL)
	ctx := t.ctx
	if guess {
		ctx = rest.WithoutRetries(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	f := &flight{token: token, cancel: cancel, answered: make(chan struct{}), batches: make(chan []tap.Record, mostBatches)}
	var err error
	if f.request, err = t.request(token, nil); err != nil {
		cancel()
		return nil, err
	}
	f.sender = sender{r, t.slice, t.asked, false}
	t.queue.running.Go(func() { defer tap.Guard(); f.fly(ctx) })
	<-f.answered
	for batch := range f.batches {
		if len(batch) > 0 {
			f.kept = append(f.kept, batch)
		}
	}
	return f, nil
}

// drop discards the answers of all trials but that of the way's second page, which it gives back as
// one that was asked for ahead. nil: there is none.
func (t *trials) drop(way *rest.Way) *flight {
	var second *flight
	for _, f := range t.flights {
		if way != nil && second == nil && f.err == nil && f.bad == nil && f.sender.paginator == way.Paginator && value.Equal(f.token, way.Second) {
			second = f
			f.batches = make(chan []tap.Record, len(f.kept))
			for _, batch := range f.kept {
				f.batches <- batch
			}
			close(f.batches)
			f.kept = nil
			continue
		}
		f.drop()
	}
	return second
}
