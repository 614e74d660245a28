package paging

import (
	"fmt"
	"slices"
	"sync/atomic"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/value"
	"anytap/state"
)

// heard is what the answers of all slices of one read have held so far.
type heard struct {
	next, place, more, total, pages atomic.Bool // at the places that the configuration names

	slices             atomic.Int64 // that ended
	odd, early, unsure atomic.Bool  // that of which the user was warned once
}

// evidence is what one page tells of the end of its list.
type evidence struct {
	signs.Signs
	next      any   // the paginator's token of the next page; nil: it finds none
	extracted int64 // the page's records before filters
	asked     int64 // records that were asked for; 0: not known
	came      int64 // records of the list up to the end of the page; -1: not known
	index     int64 // of the page, where pages or records are counted

	declared  answerOf      // what stands at the configuration's has_more_path
	flag      answerOf      // what the answer says under a usual name
	flagAt    signs.Flag    // where
	total     signs.Count   // N -1: not known
	ours      bool          // the configuration names the total
	pages     signs.Count   // N -1: not known
	ourPages  bool          // the configuration names it
	pointer   signs.Pointer // a place with an address or token under a usual name; Value nil: none
	noPointer bool          // there are such places, all of them empty
}

// answerOf is the answer to a question: yes, no or nothing.
type answerOf int8

const (
	unsaid answerOf = iota
	yes
	no
)

func answered(b bool) answerOf {
	if b {
		return yes
	}
	return no
}

// weigh reads the evidence of a page that was read whole.
func (e *ending) weigh(p *page) (*evidence, error) {
	next, err := e.w.paginator.Next(p.response, p.size, p.last, p.request)
	if err != nil {
		return nil, err
	}
	ev := &evidence{Signs: *p.signs(), extracted: int64(p.extracted()), asked: e.asked(p)}
	if value.Truth(next) {
		ev.next = value.Own(next)
	}
	if n, ok := e.w.numbers(); ok {
		ev.index = n.index(e.w.token)
	}
	ev.came = e.reached(ev)
	e.flags(p.response, ev)
	e.totals(p.response, ev)
	e.pointers(p.response, ev)
	return ev, nil
}

// asked is the page size that was asked for; 0: none.
func (e *ending) asked(p *page) int64 {
	if p.request != nil && p.request.PageSize > 0 {
		return int64(p.request.PageSize)
	}
	size, err := e.w.paginator.PageSize()
	if err != nil {
		return 0
	}
	return int64(size)
}

// reached counts the records of the list up to the end of the page: by its offset, where there is
// one, so that a read that began in the middle knows it too.
func (e *ending) reached(ev *evidence) int64 {
	w := e.w
	if w.kind == state.Offset {
		return e.reachedBefore() + ev.extracted
	}
	if w.counted >= 0 {
		return int64(w.counted)
	}
	if full := max(e.fullest, ev.extracted); w.kind == state.Page && full > 0 && full == ev.asked {
		return ev.index*full + ev.extracted
	}
	return -1
}

// flags finds the statements whether more follows.
func (e *ending) flags(r *rest.Response, ev *evidence) {
	path := e.w.Settings.More
	if v, there := e.peek(r, path); there {
		e.w.heard.more.Store(true)
		says, ok := signs.Bool(v)
		if !ok {
			says = value.Truth(v)
		}
		ev.declared = answered(says != signs.Negative(lastName(path)))
	}
	if f, ok := ev.Flag(); ok && !f.Weak {
		ev.flag, ev.flagAt = answered(f.More), f
	}
}

// peek is what stands at a path of an answer's envelope.
func (e *ending) peek(r *rest.Response, path value.Path) (v any, there bool) {
	if path.Len() == 0 || r.Value == nil || r.Found.Bare {
		return nil, false
	}
	body, err := r.Value()
	if err != nil {
		return nil, false
	}
	return path.At(body)
}

// amount is the total at a path of an answer's envelope.
func (e *ending) amount(r *rest.Response, path value.Path) (n int64, atLeast, ok bool) {
	v, _ := e.peek(r, path)
	return signs.Amount(v)
}

// placeOf is the place of a path, as the configuration names it.
func placeOf(path value.Path) signs.Place { return signs.Place{Path: path.Names()} }

// lastName is the name in which a path ends.
func lastName(path value.Path) string {
	names := path.Names()
	return names[len(names)-1]
}

// totals finds the totals of records and pages.
func (e *ending) totals(r *rest.Response, ev *evidence) {
	o := &e.w.Settings
	ev.total.N, ev.pages.N = -1, -1
	if n, _, ok := e.amount(r, o.TotalPages); ok {
		e.w.heard.pages.Store(true)
		ev.pages, ev.ourPages = signs.Count{Place: placeOf(o.TotalPages), N: n}, true
	}
	if c, ok := ev.PageTotal(); ok && !ev.ourPages && !o.Distrust && e.w.kind == state.Page {
		ev.pages = c
	}
	if n, atLeast, ok := e.amount(r, o.Total); ok {
		e.w.heard.total.Store(true)
		ev.ours = true
		e.believe(ev, signs.Count{Place: placeOf(o.Total), N: n, AtLeast: atLeast, Weak: signs.MayBeOfPage(lastName(o.Total))})
		return
	}
	if o.Distrust {
		return
	}
	for _, weak := range []bool{false, true} {
		for _, c := range ev.Records {
			if c.Weak == weak && ev.total.N < 0 {
				e.believe(ev, c)
			}
		}
	}
}

// believe takes a total if it can be true: one under a name that may mean the page's own records
// must once have been more than those, and none is less than what came already. Some lists tell
// what is left of them instead.
func (e *ending) believe(ev *evidence, c signs.Count) {
	place := c.Place.String()
	if c.Weak {
		if c.N > ev.extracted {
			e.proven = place
		}
		if e.proven != place && (c.N > 0 || e.good > 0) {
			return
		}
	}
	if !c.Weak && e.left.told(place, c.N, ev) {
		c.N += ev.came - ev.extracted
	}
	switch {
	case ev.came < 0 || c.N >= ev.came:
		ev.total = c
	case !c.AtLeast && ev.extracted > 0 && (ev.ours || !c.Weak):
		e.odd = func() {
			e.w.log.Warn("the API says that there are fewer records than came already; that number is not believed",
				"stream", e.w.Stream, "at", place, "says", c.N, "came", ev.came)
		}
	}
}

// sayOdd warns of a total that can not be true, once the page that tells it is known to be a new
// one.
func (e *ending) sayOdd() {
	if odd := e.odd; odd != nil && !e.w.heard.odd.Swap(true) {
		odd()
	}
	e.odd = nil
}

// leftover notices totals that count what is left of a list rather than all of it: each is smaller
// than the one before by the records of a page.
type leftover struct {
	place     string
	total     int64
	extracted int64
	sure      bool
}

// told notes a total, and reports whether it counts what is left.
func (l *leftover) told(place string, n int64, ev *evidence) bool {
	if l.place == "" {
		*l = leftover{place, n, ev.extracted, false}
		return false
	}
	if place != l.place {
		return false
	}
	if ev.came > ev.extracted && l.extracted > 0 && n == l.total-l.extracted {
		l.sure = true
	} else if n != l.total {
		l.sure = false
	}
	l.total, l.extracted = n, ev.extracted
	return l.sure && ev.came >= 0
}

// pointers finds the places of a next address or token under usual names.
func (e *ending) pointers(r *rest.Response, ev *evidence) {
	if _, there := e.peek(r, e.w.Settings.Next); there {
		e.w.heard.place.Store(true)
	}
	if ev.next != nil {
		e.w.heard.next.Store(true)
	}
	var holds bool
	if ev.pointer, holds = ev.Pointer(); holds {
		e.alive = true
		return
	}
	ev.noPointer = slices.ContainsFunc(ev.Next, func(p signs.Pointer) bool { return !p.Weak })
}

// more are the signs that more follows, each in words.
func (ev *evidence) more(names func(string) string) []string {
	var out []string
	if ev.declared == yes {
		out = append(out, names("more")+" says so")
	}
	if ev.flag == yes {
		out = append(out, fmt.Sprintf("%s says so", ev.flagAt.Place))
	}
	if ev.total.N > ev.came && ev.came >= 0 {
		out = append(out, fmt.Sprintf("%s tells of %d records, and %d came", ev.total.Place, ev.total.N, ev.came))
	}
	if ev.pages.N > ev.index+1 {
		out = append(out, fmt.Sprintf("%s tells of %d pages, and this is number %d", ev.pages.Place, ev.pages.N, ev.index+1))
	}
	if ev.pointer.Value != nil {
		out = append(out, fmt.Sprintf("%s is %s", ev.pointer.Place, shownToken(ev.pointer.Value)))
	}
	return out
}
