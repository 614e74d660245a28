package paging

import (
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// page is the page in hand: what one token brought.
type page struct {
	request  *rest.PageRequest
	response *rest.Response // nil: the API's answer was ignored
	size     int            // records after filters
	last     *value.Dict
	records  []tap.Record // made, and not handed on yet
	lastID   any          // of the last record that was handed on or dropped
	batches  int
	try      int // how often it was asked for
	emitted  int
	handed   bool         // some of its records were handed on
	found    bool         // the record that was sought is among them
	first    []tap.Record // its first batch, until it is handed on
	sample   *rest.Sample // while the way of paging is looked for
	doubted  bool         // it has no records although it was asked for again
	verified doubtOf      // it was asked for only to be sure that the list has ended
	said     *signs.Signs // of the end of the list; nil: not read yet
}

// extracted is the number of records before filters.
func (p *page) extracted() int {
	if p.response.Extracted >= 0 {
		return p.response.Extracted
	}
	return p.size
}

// signs are what the answer says of the end of the list, read once.
func (p *page) signs() *signs.Signs {
	if p.said == nil {
		s := signs.Read(p.response)
		p.said = &s
	}
	return p.said
}

func (p *page) close(w *walk) {
	if p == nil {
		return
	}
	w.abandon(p.response)
	if p.response != nil && p.response.Body != nil {
		_ = p.response.Body.Close()
	}
}

// read asks for the token's page and makes its records. Of a body that comes in batches all but the
// last are handed on. The page is never nil.
func (w *walk) read() (*page, error) {
	if w.Properties != nil {
		return w.readChunks()
	}
	emitted := 0
	for try := 1; ; try++ {
		p := &page{emitted: emitted, try: try}
		err := w.attempt(p)
		if err == nil {
			err = w.ending.doubts(p)
		}
		if d, ok := errors.AsType[*doubt](err); ok {
			if try > d.tries {
				p.records, p.doubted = nil, true
				return p, d.final
			}
			if err := w.askAgain(p, d, try); err != nil {
				return p, err
			}
			continue
		}
		if err == nil || !cutShort(err) {
			return p, err
		}
		if try > w.bodyRetries() {
			return p, w.failf(tap.Transient, "%w", err)
		}
		p.close(w)
		w.log.Warn("an answer broke off; it is asked for again", "stream", w.Stream, "records", p.emitted, "error", err)
		if err := w.sleep(w.ctx, "an answer broke off", bodyWait(try)); err != nil {
			return p, err
		}
		if p.handed {
			w.seek = seek{active: true, id: p.lastID, again: true}
			w.again, emitted = true, p.emitted
		}
	}
}

// askAgain waits before an answer that may not be the page is asked for again.
func (w *walk) askAgain(p *page, d *doubt, try int) error {
	w.log.Warn(d.reason+"; it is asked for again", "stream", w.Stream)
	p.close(w)
	wait := d.wait
	if wait == 0 {
		wait = bodyWait(try - 1)
	}
	return w.sleep(w.ctx, d.reason, wait)
}

// bodyRetries is how often an answer that broke off is asked for again: as often as the run allows
// for any failure.
func (r *reading) bodyRetries() int {
	return r.Runtime.Settings.Retries()
}

// cutShort reports whether err means that an answer did not come whole.
func cutShort(err error) bool {
	if f, ok := errors.AsType[*rest.Fault](err); ok {
		return f.Kind == rest.CutBody || f.Kind == rest.Undecodable || f.Kind == rest.TimedOut || f.Kind == rest.NoAnswer
	}
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// bodyWait is an exponential wait with full jitter.
func bodyWait(try int) time.Duration {
	return time.Duration(rand.Int64N(int64(time.Second) << min(try, 5)))
}

func (w *walk) attempt(p *page) error {
	batches, err := w.ask(p)
	if err != nil || batches == nil {
		return err
	}
	for batch, err := range batches {
		switch {
		case len(batch) > 0:
			if handErr := w.take(p, batch); handErr != nil {
				return handErr
			}
		case err == nil && len(p.records) > 0:
			if handErr := w.handBatch(p); handErr != nil {
				return handErr
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask gets the token's answer: from the queue of those that were asked for ahead, from the parent's
// record, or from the API.
func (w *walk) ask(p *page) (iter.Seq2[[]tap.Record, error], error) {
	if p.try <= 1 {
		if f := w.wait(w.token); f != nil {
			p.request, p.response = f.request, f.response
			return f.records(), f.err
		}
	}
	request, err := w.request(w.token, nil)
	if err != nil {
		return nil, err
	}
	p.request = request
	var found func(next any)
	if p.try <= 1 && w.canPeek() {
		found = w.launchFound
	}
	began := time.Now()
	send := w.sender()
	p.response, err = send.send(w.ctx, request, found)
	w.queue.waited(time.Since(began))
	if err != nil || p.response == nil {
		return nil, err
	}
	return w.Selector.Select(w.ctx, p.response, send.selection(request)), nil
}

// take adds a batch to the page. The batch before it is handed on, because it is not the last.
func (w *walk) take(p *page, batch []tap.Record) error {
	if p.batches > 0 && len(p.records) > 0 {
		if err := w.handBatch(p); err != nil {
			return err
		}
	}
	if p.batches == 0 {
		p.first = batch
	}
	if err := w.keys.batch(w, batch); err != nil {
		return err
	}
	p.batches++
	w.noted(p, batch)
	p.size += len(batch)
	p.last = batch[len(batch)-1].Data
	p.records = w.seek.drop(w.PrimaryKey, batch, p)
	w.tracker.observe(p.records)
	return nil
}

// handBatch hands on a part of a page. A page whose first batch equals that of a page before is
// refused: so many equal records are no coincidence.
func (w *walk) handBatch(p *page) error {
	if !p.handed && !w.again {
		o := w.guard.outline(w.token, p.first)
		if reason := w.repeats(p, o); reason != "" {
			p.records = nil
			return w.guard.fail(w.sealed(w.token), o, reason)
		}
	}
	at := w.middle(p)
	p.handed, p.lastID = true, at.LastID
	return w.emit(tap.Page{Records: w.kept(p.records), Here: w.position(), After: at}, p)
}

// handPart hands on what was made of a page before it failed.
func (w *walk) handPart(p *page) error {
	if len(p.records) == 0 {
		return nil
	}
	if err := w.letGo(); err != nil {
		return err
	}
	return w.emit(tap.Page{Records: w.kept(p.records), Here: w.position(), After: w.middle(p)}, p)
}

// hand hands on what is left of a page. A page that came before is held back until a new one
// follows. more says that another page follows.
func (w *walk) hand(p *page, after state.Position, more bool) error {
	out := tap.Page{Records: w.kept(p.records), Here: w.position(), After: after}
	if w.Properties == nil {
		out.Release = p.response.Release
	}
	if w.Settings.Credits != nil && !p.response.FromCache {
		out.Credits = w.Settings.Credits(p.response, p.size)
	}
	w.charge(p.response, out.Credits)
	if !p.handed && !w.again && (more || w.guard.knows()) {
		out.Again = w.guard.twice.count(out.Records)
		o := w.guard.outline(w.token, p.first)
		if reason := w.repeats(p, o); reason != "" {
			if w.ending.repeatEnds(p) {
				return errEnded
			}
			if w.guard.exhausted(o) {
				return w.guard.fail(w.sealed(w.token), o, reason)
			}
			w.guard.held = append(w.guard.held, out)
			return nil
		}
	}
	w.ending.sayOdd()
	if err := w.letGo(); err != nil {
		return err
	}
	return w.emit(out, p)
}

// repeats reports whether a page came before, and how; empty: it did not. Rows without keys may be
// equal: where the answer says that it is the page which was asked for, it is.
func (w *walk) repeats(p *page, o outline) string {
	reason := w.guard.repeats(o)
	if reason == "" || o.first != 0 || !w.Settings.Strict || w.guard.sameToken(o) || !w.ending.genuine(p) {
		return reason
	}
	w.guard.pass(o)
	return ""
}

// letGo hands on the pages that were held back.
func (w *walk) letGo() error {
	held := w.guard.held
	w.guard.held = nil
	if len(held) > 0 {
		w.log.Warn("pages came again; they are written again, as the reference runtime does", "stream", w.Stream, "pages", len(held))
	}
	for _, out := range held {
		if err := w.emit(out, &page{}); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) emit(out tap.Page, p *page) error {
	p.emitted += len(out.Records)
	w.emitted += len(out.Records)
	if len(out.Records) > 0 {
		w.lastOut, w.goneBack = out.After.LastID, 0
	}
	p.records, p.first = nil, nil
	out.Anew, w.anew = w.anew, false
	if !w.yield(out, nil) {
		w.stopped = true
		return errStopped
	}
	return nil
}

// kept drops the records of a data feed that the cursor has seen in an earlier run, and those that
// the cursor leaves out. Pagination has looked at them.
func (w *walk) kept(records []tap.Record) []tap.Record {
	keep, drop := w.abilities.Keep, w.abilities.Drop
	if !w.DataFeed {
		keep = nil
	}
	if keep == nil && drop == nil {
		return records
	}
	kept := records[:0:0]
	for _, r := range records {
		if (keep == nil || keep(w.slice, r.Data)) && (drop == nil || !drop(w.slice, r.Data)) {
			kept = append(kept, r)
		}
	}
	return kept
}

// ChildResponse is the name in a slice's Extra of the part of the parent's record that a lazily
// read child takes for its first page.
const ChildResponse = "child_response"
