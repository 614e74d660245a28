package paging

import (
	"errors"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// ending judges where the list of one slice ends, where the stream is strict. A list ends only on
// evidence: it goes on while any sign says that there is more, and where it can not go on then, it
// fails. A full page says that there may be more; a short one is the last only where nothing
// contradicts.
//
//	evidence.go   what a page tells
//	nolist.go     answers that are no page at all
//	verdict.go    the errors and warnings
type ending struct {
	w    *walk
	base int64 // the offset of the first record

	good     int     // pages that had records
	promise  string  // why the page being read should have records; empty: nothing promises them
	stated   bool    // that an answer said in so many words that there is more
	toldMore bool    // that a total promises them
	verify   doubtOf // the page being read is asked for only to be sure that the list has ended
	empties  int     // pages without records in a row

	size    int64 // records of a full page, where the server gives fewer than were asked for; 0: not known
	fullest int64 // records of the fullest page
	before  int64 // records of the page before
	varied  bool  // a page before the last had fewer records than another
	cuts    bool  // the server leaves records out after it cut the page, so that offsets grow by what was asked for
	tail    []any // keys of the records of a short page, which may come again

	ignored    bool        // a page was left out, as the configuration says
	alive      bool        // an answer had a pointer under a usual name
	toldBefore signs.Count // the total of the pages before; N -1: none
	toldOurs   bool        // that the configuration names it
	toldExact  bool        // that it went down with each page by the records that came
	proven     string      // the place of a total whose name may mean the page's records, and which does not
	left       leftover
	odd        func() // warns of the page's total, which can not be true; nil: it can
}

// How many empty pages in a row are followed.
const (
	mostEmpty        = 1000 // by the paginator's token or address, which each of them had
	mostEmptyNumbers = 100  // by numbers, where has_more_path says that more follows
	mostEmptyUnnamed = 5    // by numbers, where a usual name alone says so
)

// next judges a page that was read whole: the token of the next one, nil at the end, or an error.
func (e *ending) next(p *page) (any, error) {
	ev, err := e.weigh(p)
	if err != nil {
		return nil, err
	}
	p.verified = e.verify
	e.promise, e.toldMore, e.verify = "", false, certain
	e.stated = ev.declared == yes || ev.flag == yes
	var next any
	switch {
	case e.w.kind == state.None:
		err = e.onePage(p, ev)
	case e.w.can.Counts != nil || e.w.kind == state.Page || e.w.kind == state.Offset:
		next, err = e.byNumber(p, ev)
	default:
		next, err = e.byPointer(p, ev)
	}
	if err == nil && next == nil {
		err = e.unheard(p, ev)
	}
	if err == nil && e.w.verbose {
		e.w.because = e.explain(ev, next)
	}
	e.learn(p, ev, next != nil)
	return next, err
}

// learn remembers what the pages behind are judged by.
func (e *ending) learn(p *page, ev *evidence, more bool) {
	if ev.extracted == 0 {
		e.empties++
		return
	}
	if ev.total.N >= 0 {
		e.toldBefore, e.toldOurs, e.toldExact = ev.total, ev.ours, e.left.sure
	}
	e.empties = 0
	e.good++
	if e.before > 0 && e.before < e.fullest {
		e.varied = true
	}
	e.fullest, e.before = max(e.fullest, ev.extracted), ev.extracted
	if short := ev.asked > 0 && ev.extracted < ev.asked; short && more {
		e.adopt(ev)
		if e.w.kind == state.Offset {
			e.tail = e.keys(p)
		}
	} else {
		e.tail = nil
	}
}

// adopt takes the server's own page size, which is smaller than what was asked for.
func (e *ending) adopt(ev *evidence) {
	if ev.extracted <= e.size {
		return
	}
	if e.size == 0 {
		e.w.log.Info("the API gives fewer records a page than were asked for; it is followed at its own size",
			"stream", e.w.Stream, "asked", ev.asked, "came", ev.extracted)
	}
	e.size = ev.extracted
	if c := e.w.counting(); c != nil && e.w.kind == state.Offset && !e.cuts {
		e.w.counts = &rest.Counting{Start: c.Start, Step: e.size}
	}
}

// full is how many records a page has that is not short; 0: not known.
func (e *ending) full(ev *evidence) int64 {
	if e.size > 0 && e.size < ev.asked {
		return e.size
	}
	return ev.asked
}

// byNumber judges a page whose number or offset is counted.
func (e *ending) byNumber(p *page, ev *evidence) (any, error) {
	switch {
	case ev.declared == no:
		return nil, e.shortfall(p, ev, true)
	case p.response.Ignored && e.toldBefore.N > ev.came && ev.came >= 0:
		e.ignored, e.w.counted = true, -1
		return e.following(ev)
	case ev.extracted == 0:
		return e.emptyByNumber(p, ev)
	}
	reasons := ev.more(e.name)
	ended, doubt := e.ended(ev)
	switch {
	case len(reasons) > 0:
		e.promise, e.toldMore = reasons[0], ev.total.N > ev.came && ev.came >= 0
		if ended && !e.toldMore && ev.declared != yes {
			e.verify = likely
		}
	case ended:
		return nil, nil
	case e.short(ev) && doubt == certain:
		return nil, nil
	default:
		e.verify = doubt
	}
	return e.following(ev)
}

// doubtOf is how sure it is that a list has ended whose next page is asked for all the same.
type doubtOf int8

const (
	certain doubtOf = iota // there is no doubt: nothing says that it has ended
	hinted                 // something hints at it
	likely                 // something says so
	short                  // its only page is short, by a number of records that looks like a limit
)

// ended reports whether the answer says that its page is the last, or how much speaks for it.
func (e *ending) ended(ev *evidence) (ended bool, doubt doubtOf) {
	reached := ev.total.N >= 0 && ev.total.N == ev.came
	round := !ev.ours && ev.total.N >= 1000 && ev.total.N%1000 == 0 // where servers stop counting
	own := !ev.ours && e.good == 0 && ev.total.Plain()              // it may be that of this page
	switch {
	case ev.flag == no, reached && !round && !own && !ev.total.AtLeast, ev.noPointer && e.alive:
		return true, certain
	case ev.pages.N >= 0 && ev.pages.N <= ev.index+1 && (ev.total.N < 0 || ev.came < 0 || reached):
		return true, certain
	case e.rounded(ev):
		return false, short
	case reached && !e.short(ev):
		return false, likely
	case ev.noPointer && !e.short(ev):
		return false, hinted
	}
	return false, certain
}

// short reports whether a page has fewer records than a full one.
func (e *ending) short(ev *evidence) bool {
	full := e.full(ev)
	return full > 0 && ev.extracted < full
}

// rounded reports whether a first page that is short may have been cut by the server: by a number
// of records that looks like a limit. Package ways asks another question: whether a page of which
// no size is known looks full.
func (e *ending) rounded(ev *evidence) bool {
	n := ev.extracted
	return e.good == 0 && e.short(ev) && n >= 10 && (n%10 == 0 || n%25 == 0 || n&(n-1) == 0) && !ev.silenced()
}

// silenced reports whether something says that nothing follows, so that a round number is chance.
func (ev *evidence) silenced() bool {
	return ev.flag == no || ev.noPointer || ev.total.N >= 0 && ev.total.N == ev.came
}

// emptyByNumber judges a page without records.
func (e *ending) emptyByNumber(p *page, ev *evidence) (any, error) {
	switch {
	case p.verified != certain:
		return nil, e.shortfall(p, ev, false)
	case ev.declared == yes && e.empties >= mostEmptyNumbers:
		return nil, e.endless()
	case ev.declared == yes, (ev.flag == yes || ev.pointer.Value != nil) && e.empties < mostEmptyUnnamed && ev.total.N != ev.came:
		e.promise = ev.more(e.name)[0]
		return e.following(ev)
	}
	return nil, e.shortfall(p, ev, false)
}

// following is the token behind the page: the paginator's, or where that takes the page for the
// last, the one that counting gives.
func (e *ending) following(ev *evidence) (any, error) {
	w := e.w
	counting := w.counting()
	if w.kind == state.Page {
		if counting == nil {
			return ev.next, nil
		}
		return counting.After(w.token), nil
	}
	at, ok := w.token.(int64)
	if !ok {
		at = e.base
	}
	step := ev.extracted
	if e.cuts || step == 0 {
		step = max(ev.asked, step)
	}
	if step == 0 {
		return nil, w.failf(tap.Config, "an empty page came, and it is not known how many records a page has: set pagination.page_size")
	}
	return at + step, nil
}

// byPointer judges a page that tells where the next one is.
func (e *ending) byPointer(p *page, ev *evidence) (any, error) {
	reached := ev.total.N >= 0 && ev.total.N == ev.came
	told := ev.declared == yes || ev.flag == yes || ev.came >= 0 && ev.total.N > ev.came
	switch {
	case ev.declared == no:
		return nil, e.shortfall(p, ev, true)
	case ev.next == nil:
		return nil, e.noToken(p, ev)
	case ev.extracted > 0:
		e.promise = e.name("next") + " leads on"
		if ev.flag == no && ev.declared != yes {
			e.verify = likely
		}
		return ev.next, nil
	case !told && e.over(ev):
		return nil, nil
	case !told && (p.verified != certain || value.Equal(ev.next, e.w.token) || reached && e.good > 0):
		return nil, nil
	case e.empties >= mostEmpty:
		return nil, e.endless()
	}
	e.promise = e.name("next") + " leads on"
	return ev.next, nil
}

// byKey reports whether the next page is found by a value of the last record, of which an empty
// page has none. So nothing else than a total tells an empty page in the middle from the end.
func (e *ending) byKey() bool {
	return e.w.kind == state.Opaque && e.good > 0
}

// over reports whether the empty pages of a read that goes on from an earlier run's place lie
// behind the list, since as many records came in all as the total tells of. The list may have
// changed since that run, so that one empty page is not enough.
func (e *ending) over(ev *evidence) bool {
	return ev.came < 0 && e.w.came >= ev.total.N && ev.total.N >= 0 && e.empties+1 >= mostEmptyUnnamed
}

// onePage judges a stream without pagination.
func (e *ending) onePage(p *page, ev *evidence) error {
	if p.response.Found.Kind == rest.WholeThere {
		return nil
	}
	if c, ok := p.signs().Total(); ok && !c.Weak && !c.AtLeast && c.N <= int64(ev.extracted) {
		return nil // all records are there, whatever token comes with them
	}
	reasons := ev.more(e.name)
	if len(reasons) == 0 || e.w.heard.early.Swap(true) {
		return nil
	}
	e.w.log.Warn("the answer says that there is more than its one page; pagination says how to read on",
		"stream", e.w.Stream, "because", reasons[0], "records", ev.extracted)
	return nil
}

// closes reports whether an error is that of a page past the end, which ends the list. Another
// error than err takes its place where the page should have been there.
func (e *ending) closes(err error) (bool, error) {
	refused, ok := errors.AsType[tap.Refused](err)
	if !ok || e.good == 0 {
		return false, err
	}
	status, _ := refused.Refusal()
	if e.verify >= likely && status != 401 && status != 403 && status != 429 {
		e.w.log.Debug("the list has ended; the page behind it was refused", "stream", e.w.Stream, "status", status)
		return true, nil
	}
	if !pastEnd(err) || e.w.kind != state.Page && e.w.kind != state.Offset {
		return false, err
	}
	if e.promise == "" {
		return true, nil
	}
	return false, e.refusedAlthough(err)
}

// genuine reports whether the answer shows that it is the page which was asked for: by its number
// or offset, or because the total says that so many records are there.
func (e *ending) genuine(p *page) bool {
	s := p.signs()
	if at, ok := e.w.token.(int64); ok {
		if s.Offset.Known && e.w.kind == state.Offset && s.Offset.N == at || s.Page.Known && e.w.kind == state.Page && s.Page.N == at {
			return true
		}
	}
	return e.toldBefore.N >= 0 && e.w.counted >= 0 && int64(e.w.counted) <= e.toldBefore.N
}

// repeatEnds reports whether a page that only repeats one before shows that the list has ended.
func (e *ending) repeatEnds(p *page) bool {
	if p.verified == short && !e.w.heard.unsure.Swap(true) {
		e.w.log.Warn("the page behind the only one, which is short, repeats it: if there is more, check the names of the paging parameters",
			"stream", e.w.Stream, "records", e.before)
	}
	return p.verified >= likely
}

// keepsBack reports whether the position stays at the page before an empty one, which was short: by
// a later run it may have grown.
func (e *ending) keepsBack(p *page, next any) bool {
	return next == nil && e.w.Settings.Strict && e.w.kind == state.Page && e.good > 0 && e.empties == 1 && (e.before < e.asked(p) || e.asked(p) == 0)
}

// reset forgets the pages before: the slice is read from its beginning.
func (e *ending) reset() {
	e.good, e.empties, e.promise, e.toldMore, e.verify, e.tail = 0, 0, "", false, certain, nil
	e.before, e.varied, e.left = 0, false, leftover{}
	e.toldBefore.N, e.toldExact = -1, false
}
