package rest

import (
	"errors"
	"net/http"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// indexOf finds the record that a position names; -1: it is not among them. Of several with the same identity
// it is the first, so that none behind it is lost.
func indexOf(primaryKey [][]string, records []tap.Record, id any) int {
	for i, r := range records {
		if value.Equal(tap.IDOf(primaryKey, r), id) {
			return i
		}
	}
	return -1
}

// numbers are the tokens of a paginator that counts pages or records.
type numbers struct {
	first any   // the token of the first page; nil: none is sent
	start int64 // the number that stands for the first page
	step  int64
}

// countedBy tells how a paginator counts; ok is false where only answers tell.
func countedBy(p Paginator) (n numbers, ok bool) {
	if k := p.Kind(); k != state.Page && k != state.Offset {
		return n, false
	}
	first, err := p.First()
	if err != nil {
		return n, false
	}
	second, ok1 := p.Ahead(first).(int64)
	third, ok2 := p.Ahead(second).(int64)
	if !ok1 || !ok2 || third <= second {
		return n, false
	}
	n = numbers{first: first, step: third - second}
	n.start = second - n.step
	return n, true
}

// before gives the token of the page before; ok is false when there is none.
func (n numbers) before(token any) (any, bool) {
	at, ok := token.(int64)
	if !ok || at <= n.start {
		return nil, false
	}
	if at-n.step <= n.start {
		return n.first, true
	}
	return at - n.step, true
}

// index counts the pages before the token's.
func (n numbers) index(token any) int64 {
	at, ok := token.(int64)
	if !ok {
		return 0
	}
	return (at - n.start) / n.step
}

// Refused is an error that ended a request because of what the API answered.
type Refused interface {
	error
	// Refusal is the answer's status and its text, to be looked at and not to be shown: it is as the API wrote it.
	Refusal() (status int, text string)
}

// refusal is the error of a request that ended because of the API's answer.
type refusal struct {
	cause  *tap.Error
	status int
	text   string // the beginning of the body
}

var _ Refused = (*refusal)(nil)

// refusalText is how much of a body is kept: enough to see what it is about.
const refusalText = 4 << 10

// Error is the cause's.
func (r *refusal) Error() string { return r.cause.Error() }

// Unwrap returns the error that front ends report.
func (r *refusal) Unwrap() error { return r.cause }

// Refusal is the answer's status and the beginning of its body.
func (r *refusal) Refusal() (int, string) { return r.status, r.text }

// seek is a record behind which the read goes on: it and those before it are out already.
type seek struct {
	active   bool
	id       any
	again    bool // it was handed on in this run, by an answer that broke off
	searched bool // its page was found among the neighbours
}

// drop leaves out the records up to the one that is sought. As long as it is not found, that is all of them.
func (s *seek) drop(primaryKey [][]string, batch []tap.Record, p *page) []tap.Record {
	if !s.active || p.found {
		return batch
	}
	i := indexOf(primaryKey, batch, s.id)
	if i < 0 {
		return nil
	}
	p.found, p.lastID = true, s.id
	return batch[i+1:]
}

// resume goes to the position of an earlier run, if it is still good.
func (w *walk) resume(p *state.Position) {
	if p == nil || p.IsStart() {
		return
	}
	switch {
	case p.Kind != w.kind:
		w.startOver("it was made with another kind of pagination")
	case p.Query != w.query:
		w.startOver("it belongs to another query: the configuration changed")
	case w.Options.outdated(p, w.wall()):
		w.startOver("its " + w.guard.tokenName() + " is older than the API keeps it")
	default:
		if p.Token != nil {
			w.token, w.issued = p.Token, p.IssuedAt
		}
		w.resumed = true
		w.counted = -1
		if p.LastID != nil {
			w.seek = seek{active: true, id: p.LastID}
		}
	}
}

// startOver warns that an earlier run's position is given up.
func (w *walk) startOver(reason string) {
	w.log.Warn("the position of the last run is not used, the slice is read from its beginning: "+reason, "stream", w.Stream, "slice", w.slice.Key())
}

// refusesResume reports whether the API refused the very position that the read was to go on from, and what to
// do instead was found. Where pages are counted, the record is looked for on the pages before: this one may be
// past the end by now. Otherwise the slice is read from its beginning.
func (w *walk) refusesResume(err error) bool {
	refused, ok := errors.AsType[Refused](err)
	if !ok || w.token == nil {
		return false
	}
	if w.kind != state.Page && w.kind != state.Offset {
		if !w.Options.expiry().Matches(refused.Refusal()) {
			return false
		}
		w.startOver("the API does not take its " + w.guard.tokenName() + " any more")
		w.toFirst()
		return true
	}
	if !pastEnd(err) {
		return false
	}
	if s := w.seek; s.active {
		if found, _, err := w.searchAround(s.id, nil); err == nil && found {
			w.seek, w.resumed = seek{active: true, id: s.id, searched: true}, false
			return true
		}
	}
	w.startOver("the API has no such page any more")
	w.toFirst()
	return true
}

// expired reports whether the cursor expired on the way, and the slice begins anew, once. The reference runtime
// fails then, so that only streams do so that ask for it.
func (w *walk) expired(err error) bool {
	refused, ok := errors.AsType[Refused](err)
	if !ok || w.token == nil || w.restarts > 0 || !w.Options.Strict && w.Options.Expired == nil {
		return false
	}
	if w.kind != state.Opaque && w.kind != state.NextURL || !w.Options.expiry().Matches(refused.Refusal()) {
		return false
	}
	w.restarts++
	w.log.Warn("the API does not take its "+w.guard.tokenName()+" any more, the slice is read from its beginning and repeats records",
		"stream", w.Stream, "slice", w.slice.Key(), "records", w.emitted)
	w.toFirst()
	return true
}

// pastEnd reports whether an error is an answer that APIs give for a page past the end.
func pastEnd(err error) bool {
	refused, ok := errors.AsType[Refused](err)
	if !ok {
		return false
	}
	switch status, _ := refused.Refusal(); status {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// search looks for a sought record that is not on its page any more: on the pages before, since records may
// have been removed, then on those behind, since some may have been added. Failing that the page is read from
// its start, or the slice from its beginning where there are more pages before than are worth a look: records may come twice, but
// none is lost. next is the page behind.
func (w *walk) search(next any) error {
	s, home := w.seek, w.token
	w.seek, w.again = seek{}, s.again
	if s.again {
		w.log.Warn("an answer that broke off came back changed; its records are written again", "stream", w.Stream)
		return nil
	}
	if !s.searched {
		found, all, err := w.searchAround(s.id, next)
		if err != nil || found {
			w.seek = seek{active: found, id: s.id, searched: true}
			return err
		}
		if !all {
			w.startOver("its last record is nowhere near its page")
			w.toFirst()
			return nil
		}
	}
	w.token = home
	w.log.Warn("the last record of the last run is nowhere near its page; the page is read from its start and may repeat records",
		"stream", w.Stream, "slice", w.slice.Key(), w.guard.tokenName(), shownToken(home))
	return nil
}

// searchAround moves to the page that holds the record; all says that every page before was looked at.
func (w *walk) searchAround(id, next any) (found, all bool, err error) {
	all = true
	if n, ok := countedBy(w.paginator); ok {
		token, more := n.before(w.token)
		for i := 0; more; i++ {
			if i >= beforeToBehind*w.Options.neighbours() {
				all = false
				break
			}
			if found, _, err = w.probe(token, id, false); found || err != nil && !pastEnd(err) {
				return found, all, err
			}
			token, more = n.before(token)
		}
	}
	for i := 0; next != nil && i < w.Options.neighbours(); i++ {
		var following any
		if found, following, err = w.probe(next, id, true); err != nil || found {
			return found, all, err
		}
		next = following
	}
	return false, all, nil
}

// beforeToBehind is how many times more pages before are searched than behind: what was removed shifts what was not read yet
// to where nobody would look, what was added only repeats.
const beforeToBehind = 10

// probe asks for a page only to see whether it holds the record; the walk then stands there. onward also asks
// for the page behind it.
func (w *walk) probe(token, id any, onward bool) (found bool, next any, err error) {
	w.token = token
	p := &page{}
	defer p.close(w)
	if p.request, err = w.request(token, nil); err != nil {
		return false, nil, err
	}
	if p.response, err = w.send(p.request); err != nil || p.response == nil {
		return false, nil, err
	}
	for batch, err := range w.Selector.Select(w.ctx, p.response, w.selection(p.request)) {
		if len(batch) > 0 {
			if indexOf(w.PrimaryKey, batch, id) >= 0 {
				return true, nil, nil
			}
			p.size += len(batch)
			p.last = batch[len(batch)-1].Data
		}
		if err != nil {
			return false, nil, err
		}
	}
	if !onward {
		return false, nil, nil
	}
	next, err = w.paginator.Next(p.response, p.size, p.last, p.request)
	if err != nil || !value.Truth(next) {
		return false, nil, err
	}
	return false, next, nil
}
