package paging

import (
	"context"
	"errors"
	"math"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// walk reads one slice, or one part of it, from its first page to its last. It belongs to one
// goroutine.
type walk struct {
	*reading
	ctx   context.Context
	slice *tap.Slice // as records are made of it
	asked *view      // as requests are made of it: narrower after a reset
	yield func(tap.Page, error) bool

	kind   state.Kind
	first  any       // the token of the first page
	token  any       // that of the page being read
	issued time.Time // when an opaque token was handed out
	query  string    // fingerprint of the requests, for positions

	settings *value.Dict // the way of paging that was found, for positions; nil: none was looked for

	guard   *guard
	tracker *tracker
	shrink  *shrinker
	queue   *queue
	seek    seek
	changes changes
	ending  *ending
	counts  *rest.Counting // how tokens count, where an answer showed that it is not as asked for; else nil

	telling   telling
	had       float64        // records that the API said it has, with the page before; NaN: unknown
	lastAfter state.Position // behind the page before
	lastOut   any            // identity of the record that was handed on last; nil: not known
	goneBack  int            // how often in a row the reading went back because the list changed
	fullest   int            // records of the fullest page

	resumed  bool   // the read began at an earlier run's position, and no page has come yet
	anew     bool   // the slice is read from its beginning again, and no page was handed on yet
	restarts int    // how often the slice began anew since its cursor had expired
	again    bool   // the page was handed on in part before, so that it does not count as repeated
	sampled  int    // pages, where only a sample is wanted
	atLast   bool   // the page of a sample is the last one of the list
	counted  int    // records of the pages read, before filters; -1: not from the beginning
	came     int64  // as counted, and with what earlier runs read; -1: not known
	before   int64  // came, before the page being read
	emitted  int    // records handed on
	fed      bool   // the data feed has come to records of an earlier run
	vain     int    // how often the reading went back although nothing had moved
	warned   bool   // that a cursor came again
	told     bool   // Runtime.Expected was told how long the list is
	stopped  bool   // the consumer wants no more
	once     bool   // only the first page is wanted
	because  string // why the list ends or goes on, for --debug; empty: not said
}

func newWalk(ctx context.Context, r *reading, s *tap.Slice, yield func(tap.Page, error) bool) *walk {
	w := &walk{reading: r, queue: &queue{slots: tap.SlotsOf(ctx)}, ctx: ctx, slice: s, yield: yield, kind: r.paginator.Kind(), had: math.NaN()}
	w.once = tap.OnlyFirstPage(ctx)
	w.guard = newGuard(r.Loop, w.kind)
	w.tracker = newTracker(r, s)
	w.ending = &ending{w: w}
	w.ending.toldBefore.N = -1
	return w
}

func (w *walk) close() { w.queue.close() }

// errEnded ends a list whose page in hand only repeats one before, as was expected.
var errEnded = errors.New("the list has ended")

// errStopped ends a walk whose consumer has stopped.
var errStopped = errors.New("no more pages are wanted")

// run reads the slice to its end. It returns nil as well when the consumer wants no more.
func (w *walk) run() error {
	err := w.begin()
	for err == nil {
		var more bool
		if more, err = w.step(); err == nil && !more {
			return nil
		}
	}
	if w.stopped {
		return nil
	}
	if errors.Is(err, errEnded) {
		return w.letGo()
	}
	return err
}

// begin finds where to start: at the first page or where an earlier run came to.
func (w *walk) begin() (err error) {
	if w.first, err = w.paginator.First(); err != nil {
		return err
	}
	if w.kind == state.Offset && w.Settings.FirstOffset > 0 {
		w.first = w.Settings.FirstOffset
	}
	w.ending.startAt(w.Settings.FirstOffset)
	asked, err := w.beginChanges()
	if err != nil {
		return err
	}
	w.token = w.first
	if w.asked, err = w.view(asked); err != nil {
		return err
	}
	if w.shrink, err = newShrinker(w.reading); err != nil {
		return err
	}
	w.query = w.fingerprint()
	w.adoptKept(w.slice.Resume)
	return w.resume(w.slice.Resume)
}

// step reads one page and moves on to the next; more is false at the end.
func (w *walk) step() (more bool, err error) {
	if err := w.ctx.Err(); err != nil {
		return false, err
	}
	if failed := w.abilities.Failed; failed != nil {
		if err := failed(w.slice); err != nil {
			return false, err
		}
	}
	w.before = w.came
	page, err := w.read()
	defer page.close(w)
	if err != nil {
		return w.answer(page, err)
	}
	w.resumed = false
	w.shrink.passed()
	if page.response == nil {
		if err := w.handPart(page); err != nil {
			return false, err
		}
		return false, w.letGo()
	}
	if w.tracker.full() {
		if err := w.hand(page, w.after(page, nil), true); err != nil {
			return false, err
		}
		return true, w.reset()
	}
	return w.turn(page)
}

// turn hands on a page that was read whole and finds the next one.
func (w *walk) turn(page *page) (more bool, err error) {
	if err := w.keys.page(w, page.last); err != nil {
		return false, err
	}
	if w.can.Find != nil {
		if w.Settings.Sample > 0 && w.limits.Strained() {
			return false, w.hand(page, w.after(page, nil), false)
		}
		if err := w.explore(page); err != nil {
			if handErr := w.handPart(page); handErr != nil {
				return false, handErr
			}
			return false, err
		}
	}
	w.noteChanges(page)
	w.ending.rebase()
	w.ending.oneBased(page)
	if moved, err := w.moved(page); moved || err != nil {
		return true, err
	}
	w.ending.overlap(page)
	if w.Settings.Sample > 0 {
		return w.sample(page)
	}
	next, err := w.next(page)
	if err != nil {
		if handErr := w.handPart(page); handErr != nil {
			return false, handErr
		}
		return false, err
	}
	if w.seek.active && !page.found {
		return true, w.search(next)
	}
	if w.seek.active && w.goneBack > 0 && len(page.records) == 0 {
		w.vain++
	}
	w.seek = seek{}
	if next != nil && !w.once {
		w.prefetch(page, next)
	}
	after := w.after(page, next)
	if w.ending.keepsBack(page, next) {
		after = w.lastAfter
	}
	if next == nil {
		w.remark(page) // which looks at the answer, whose memory is given back once its records are written
	}
	if err := w.hand(page, after, next != nil); err != nil {
		return false, err
	}
	w.again, w.lastAfter = false, after
	if next == nil || w.once {
		return false, w.letGo()
	}
	w.noteToken(next)
	w.token, w.issued = next, w.Runtime.Wall()
	return true, nil
}

// next decides what comes behind a page, and tells it for --debug; nil: the page was the last.
func (w *walk) next(p *page) (any, error) {
	next, err := w.decide(p)
	if err == nil && w.verbose {
		w.tellDecision(p, next)
	}
	return next, err
}

// decide asks the paginator, unless the end is known otherwise; nil: the page was the last.
func (w *walk) decide(p *page) (any, error) {
	if w.DataFeed && w.abilities.Keep != nil && p.last != nil && p.last.Len() > 0 && !w.abilities.Keep(w.slice, p.last) {
		w.fed = true
		return nil, nil
	}
	if w.counted >= 0 {
		w.counted += p.extracted()
	}
	if w.came >= 0 {
		w.came += int64(p.extracted())
	}
	if w.Settings.Strict {
		return w.ending.next(p)
	}
	w.noteTotal(p)
	if w.complete(p) {
		return nil, nil
	}
	next, err := w.paginator.Next(p.response, p.size, p.last, p.request)
	if err != nil || !value.Truth(next) {
		return nil, err
	}
	return value.Own(next), nil
}

// tellTotal tells once how many records the list has, if its answers say it.
func (w *walk) tellTotal() {
	if expected := w.Runtime.Expected; expected != nil && !w.told && w.ending.toldBefore.N > 0 {
		w.told = true
		expected(w.Stream, w.ending.toldBefore.N)
	}
}

// noteToken warns of a cursor that came before, and tells how long a list is that goes on.
func (w *walk) noteToken(next any) {
	w.tellTotal()
	if !w.warned && (w.kind == state.Opaque || w.kind == state.NextURL) && w.guard.metBefore(next) {
		w.warned = true
		w.log.Warn("the API handed out a "+w.guard.tokenName()+" that it had handed out before; reading goes on as long as something new comes",
			"stream", w.Stream, "token", shownToken(w.sealed(next)))
	}
}

// reset begins the pagination anew, on a smaller slice where that is possible.
func (w *walk) reset() error {
	next, err := w.tracker.restart(w.reading, w.asked.slice)
	if err != nil {
		return err
	}
	w.log.Info("pagination starts anew", "stream", w.Stream, "from", w.asked.slice.Key(), "to", next.Key())
	if w.asked, err = w.view(next); err != nil {
		return err
	}
	w.toFirst()
	w.query = w.fingerprint()
	return nil
}

// toFirst goes back to the first page.
func (w *walk) toFirst() {
	w.token, w.issued, w.counted, w.came = w.first, time.Time{}, 0, 0
	w.guard.reset()
	w.ending.reset()
	w.queue.close()
	w.seek, w.resumed = seek{}, false
	w.had, w.lastOut = math.NaN(), nil
}

// answer carries out what an error asks for; err comes back when nothing can be done. The records
// that were made before it are handed on.
func (w *walk) answer(p *page, err error) (more bool, _ error) {
	if w.stopped {
		return false, err
	}
	if w.ctx.Err() != nil {
		return false, w.ctx.Err()
	}
	if w.refusesChanges(err) || w.resumed && w.refusesResume(err) || w.expired(err) {
		return true, nil
	}
	if handErr := w.letGo(); handErr != nil {
		return false, handErr
	}
	if w.Settings.Strict {
		var ended bool
		if ended, err = w.ending.closes(err); ended {
			return false, nil
		}
	}
	if handErr := w.handPart(p); handErr != nil {
		return false, handErr
	}
	action, ok := errors.AsType[*rest.ActionError](err)
	if !ok {
		return false, err
	}
	switch action.Action {
	case rest.ResetPagination:
		return true, w.reset()
	case rest.EndOfList:
		w.log.Info("the list ends with an answer that means so", "stream", w.Stream, "slice", w.slice.Key(), "records", w.emitted)
		return false, nil
	case rest.ReducePageSize:
		return true, w.shrink.reduce(w.ctx, w.Stream, p.emitted, action)
	default:
		return false, err
	}
}

// position is the place of the page being read.
func (w *walk) position() state.Position {
	p := state.Position{Kind: w.kind, Token: w.sealed(w.token), Query: w.query, Pagination: w.settings}
	if w.kind == state.Opaque || w.kind == state.NextURL {
		p.IssuedAt, p.Came = w.issued, max(w.before, 0)
	}
	return p
}

// middle is the position behind the records of the page that are there so far.
func (w *walk) middle(p *page) state.Position {
	at := w.position()
	if n := len(p.records); n > 0 {
		at.LastID = tap.IDOf(w.PrimaryKey, p.records[n-1])
	} else {
		at.LastID = p.lastID
	}
	return at
}

// after is the position behind the whole page: its own with the last record, so that what is added
// to it later is read, or the next one where only the API can tell where that begins.
func (w *walk) after(p *page, next any) state.Position {
	if next == nil || w.kind == state.Page || w.kind == state.Offset || w.kind == state.None {
		return w.middle(p)
	}
	return state.Position{Kind: w.kind, Token: w.sealed(next), IssuedAt: w.Runtime.Wall(), Came: max(w.came, 0), Query: w.query, Pagination: w.settings}
}
