package paging_test

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// slow is a listing that answers after a second of synctest's clock and counts the requests on
// their way.
type slow struct {
	*resttest.Listing
	unsafe bool          // says that requests do more than read
	after  time.Duration // that it answers; 0: a second

	mu             sync.Mutex
	inFlight, most int
	answered       int // less those that were handed over
	mostHeld       int
}

func (s *slow) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{Safe: !s.unsafe} }

func (s *slow) Send(ctx context.Context, p *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	s.mu.Lock()
	s.inFlight++
	s.most = max(s.most, s.inFlight)
	s.mu.Unlock()
	err := rest.MachineClock{}.Sleep(ctx, cmp.Or(s.after, time.Second))
	s.mu.Lock()
	s.inFlight--
	s.answered++
	s.mostHeld = max(s.mostHeld, s.answered)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return s.Listing.Send(ctx, p, path, extra)
}

func (s *slow) handed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered--
}

func (s *slow) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mostHeld = 0
}

// untold answers without totals.
func untold(_ int, _ url.Values, body string) (string, error) {
	return strings.Replace(body, `"total"`, `"some"`, 1), nil
}

// aheadTest is a list that is read with some slots, and what is expected of it.
type aheadTest struct {
	pages    int // full ones
	slots    int // 0: four
	kind     string
	change   func(l *slow, b *bench, slots *tap.Slots)
	requests int
	seconds  int // with four slots: a quarter of the pages and those before
	most     int // requests at a time
}

type aheadTests map[string]aheadTest

func (tests aheadTests) run(t *testing.T) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { synctest.Test(t, test.run) })
	}
}

func (test aheadTest) run(t *testing.T) {
	const size = 2
	l := &slow{Listing: &resttest.Listing{Records: resttest.Numbered(size * test.pages), Size: size}}
	if test.kind == "" {
		test.kind = "page"
	}
	b := newBench(l, &resttest.Data{}, paginators[test.kind])
	slots := tap.NewSlots(max(test.slots, 0))
	if test.slots == 0 {
		slots = tap.NewSlots(4)
	}
	own := slots.TryTake() || test.slots == 1 // the slice's
	if test.change != nil {
		test.change(l, b, slots)
	}
	began := time.Now()
	ids, err := l.read(tap.WithSlots(t.Context(), slots), b)
	if err != nil || !own {
		t.Fatal(err, own)
	}
	resttest.WantIDs(t, ids, idText(1, size*test.pages))
	if got := len(l.Asked()); got > test.requests || got < test.requests-3 && test.most == 4 || test.most < 4 && got != test.requests {
		t.Errorf("%d requests, expected %d", got, test.requests)
	}
	if got := int(time.Since(began).Seconds()); got != test.seconds {
		t.Errorf("%d seconds, expected %d", got, test.seconds)
	}
	if l.most != test.most {
		t.Errorf("%d requests at a time, expected %d", l.most, test.most)
	}
	if test.kind != "cursor" && l.mostHeld > max(test.most, 1) {
		t.Errorf("%d pages were held, expected at most %d", l.mostHeld, test.most)
	}
}

func TestPagesAhead(t *testing.T) {
	aheadTests{
		"a total is told": {pages: 40, requests: 41, seconds: 11, most: 4},
		"offsets":         {pages: 40, kind: "offset", requests: 41, seconds: 11, most: 4},
		"two slots":       {pages: 40, slots: 2, requests: 41, seconds: 21, most: 2},
		"one slot":        {pages: 40, slots: 1, requests: 41, seconds: 41, most: 1},
		"few pages":       {pages: 7, requests: 8, seconds: 8, most: 1},
		"cursors":         {pages: 40, kind: "cursor", requests: 40, seconds: 40, most: 1},
		"no total": {pages: 80, change: func(l *slow, _ *bench, _ *tap.Slots) { l.Change = untold },
			requests: 84, seconds: 38, most: 4},
		"no total, few pages": {pages: 15, change: func(l *slow, _ *bench, _ *tap.Slots) { l.Change = untold }, requests: 16, seconds: 16, most: 1},
		"an untrue total": {pages: 20, change: func(l *slow, _ *bench, _ *tap.Slots) {
			l.Change = func(_ int, _ url.Values, body string) (string, error) {
				return strings.Replace(body, `"total": 40`, `"total": 4000`, 1), nil
			}
		}, requests: 24, seconds: 6, most: 4},
		"the total is known":            {pages: 9, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Settings.Total = at("total") }, requests: 9, seconds: 3, most: 4},
		"the total is known, few pages": {pages: 8, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Settings.Total = at("total") }, requests: 8, seconds: 8, most: 1},
	}.run(t)
}

func TestPagesAheadAreKeptBack(t *testing.T) {
	aheadTests{
		"requests that change something": {pages: 40, change: func(l *slow, _ *bench, _ *tap.Slots) { l.unsafe = true },
			requests: 41, seconds: 41, most: 1},
		"turned off for the stream": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Settings.Prefetch = 1 },
			requests: 41, seconds: 41, most: 1},
		"turned off for the run": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Runtime.Settings.Prefetch = 1 },
			requests: 41, seconds: 41, most: 1},
		"two for the run": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Runtime.Settings.Prefetch = 2 },
			requests: 41, seconds: 21, most: 2},
		"few requests are left": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Limits = runLimits{strained: true} },
			requests: 41, seconds: 41, most: 1},
		"pages cost credits": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) {
			b.Settings.Credits = func(*rest.Response, int) float64 { return 1 }
		}, requests: 41, seconds: 41, most: 1},
		"a rate": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) {
			b.Limits = runLimits{rated: true}
		}, requests: 41, seconds: 41, most: 1},
		"a rate, the total is known": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) {
			b.Limits = runLimits{rated: true}
			b.Settings.Total = at("total")
		}, requests: 40, seconds: 11, most: 4},
		"a data feed": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.DataFeed = true }, requests: 41, seconds: 41, most: 1},
		"a reset":     {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Reset = &paging.Reset{} }, requests: 41, seconds: 41, most: 1},
		"a limited reset": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Reset = &paging.Reset{Limited: true, Limit: 1000} },
			requests: 41, seconds: 41, most: 1},
		"windows that split": {pages: 40, change: func(_ *slow, b *bench, _ *tap.Slots) { b.Split = &paging.Split{} }, requests: 41, seconds: 41, most: 1},
		"offsets whose pages get smaller": {pages: 40, kind: "offset", change: func(_ *slow, b *bench, _ *tap.Slots) { b.Shrink = &paging.Shrink{Factor: 2, Minimum: 1} },
			requests: 41, seconds: 41, most: 1},
		"slots are taken": {pages: 40, change: func(_ *slow, _ *bench, slots *tap.Slots) {
			for slots.TryTake() {
			}
		}, requests: 41, seconds: 41, most: 1},
	}.run(t)
}

// runLimits are those of a run.
type runLimits struct{ rated, strained bool }

func (l runLimits) Rated() bool    { return l.rated }
func (l runLimits) Strained() bool { return l.strained }

// read reads a slice and counts the pages that are held.
func (s *slow) read(ctx context.Context, b *bench) (ids []string, err error) {
	return resttest.IDs(func(yield func(tap.Page, error) bool) {
		for page, err := range b.Open(nil).Pages(ctx, tap.NewSlice(nil, nil, nil)) {
			if len(page.Records) > 0 {
				s.handed()
			}
			if !yield(page, err) {
				return
			}
		}
	})
}

// atPage refuses the pages from a number on.
func atPage(from, to int, refused error) func(int, url.Values, string) (string, error) {
	return func(_ int, q url.Values, body string) (string, error) {
		if n, _ := strconv.Atoi(q.Get("page")); n >= from && n <= to {
			return "", refused
		}
		return body, nil
	}
}

func TestPageAheadThatFails(t *testing.T) {
	refused := errors.New("answered 404")
	tests := map[string]struct {
		records, from, to int
		last              int // record that comes
		fails             bool
	}{
		"amid the list":                    {80, 20, 20, 38, true},
		"every page behind":                {80, 20, 99, 38, true},
		"past the end":                     {79, 41, 99, 79, false},
		"past the end, which has no total": {79, 41, 99, 79, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &slow{Listing: &resttest.Listing{Records: resttest.Numbered(test.records), Size: 2}}
				l.Change = atPage(test.from, test.to, refused)
				if strings.Contains(name, "no total") {
					l.Change = func(n int, q url.Values, body string) (string, error) {
						body, _ = untold(n, q, body)
						return atPage(test.from, test.to, refused)(n, q, body)
					}
				}
				b := newBench(l, &resttest.Data{}, paginators["page"])
				slots := tap.NewSlots(4)
				slots.TryTake()
				ids, err := l.read(tap.WithSlots(t.Context(), slots), b)
				if errors.Is(err, refused) != test.fails {
					t.Errorf("the read ended with %v", err)
				}
				resttest.WantIDs(t, ids, idText(1, test.last))
				wantSlots(t, slots, 3)
			})
		})
	}
}

// wantSlots counts the slots that nobody has.
func wantSlots(t *testing.T, slots *tap.Slots, want int) {
	t.Helper()
	got := 0
	for slots.TryTake() {
		got++
	}
	if got != want {
		t.Errorf("%d slots are free, expected %d", got, want)
	}
}

// TestPagesAheadWhereNobodyWaits reads an API that answers at once, and one whose pages are written
// slowly: of large pages, few may come in before their turn.
func TestPagesAheadWhereNobodyWaits(t *testing.T) {
	for name, test := range map[string]struct {
		answer, write time.Duration
		bytes         int // of a record
		settled, most int // how many are held at most, after how many
	}{
		"answers at once":             {time.Millisecond, 0, 1, 0, 4},
		"answers large pages at once": {time.Millisecond, 0, 200_000, 0, 3},
		"written slowly":              {time.Second, time.Minute, 1, 10, 4},
		"large pages, written slowly": {time.Second, time.Minute, 200_000, 10, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				records := resttest.Numbered(80)
				for i, r := range records {
					records[i] = r[:len(r)-1] + `, "text": "` + strings.Repeat("x", test.bytes) + `"}`
				}
				l := &slow{Listing: &resttest.Listing{Records: records, Size: 2}, after: test.answer}
				b := newBench(l, &resttest.Data{}, paginators["page"])
				slots := tap.NewSlots(4)
				slots.TryTake()
				pages := 0
				for _, err := range b.Open(nil).Pages(tap.WithSlots(t.Context(), slots), tap.NewSlice(nil, nil, nil)) {
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(test.write)
					l.handed()
					if pages++; pages == test.settled {
						l.forget()
					}
				}
				if pages != 41 || l.mostHeld > test.most { // with the empty one at the end
					t.Errorf("%d pages, %d at a time, expected %d", pages, l.mostHeld, test.most)
				}
			})
		})
	}
}

// TestPagesAheadAreDropped ends a read in the midst; synctest sees to it that nothing runs on.
func TestPagesAheadAreDropped(t *testing.T) {
	for name, end := range map[string]func(cancel context.CancelFunc) bool{
		"cancelled":               func(cancel context.CancelFunc) bool { cancel(); return true },
		"the consumer had enough": func(context.CancelFunc) bool { return false },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &slow{Listing: &resttest.Listing{Records: resttest.Numbered(80), Size: 2}}
				b := newBench(l, &resttest.Data{}, paginators["page"])
				slots := tap.NewSlots(4)
				slots.TryTake()
				ctx, cancel := context.WithCancel(tap.WithSlots(t.Context(), slots))
				defer cancel()
				began, pages := time.Now(), 0
				for range b.Open(nil).Pages(ctx, tap.NewSlice(nil, nil, nil)) {
					if pages++; pages == 10 && !end(cancel) {
						break
					}
				}
				if passed := time.Since(began); pages > 11 || passed > 4*time.Second {
					t.Errorf("%d pages in %v", pages, passed)
				}
				wantSlots(t, slots, 3)
			})
		})
	}
}

// TestPagesAheadGiveWay reads partitions beside a long slice: there are never more requests than
// slots, and no partition waits for longer than a page.
func TestPagesAheadGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &slow{Listing: &resttest.Listing{Records: resttest.Numbered(80), Size: 2}}
		stream := func(name string, slices ...*tap.Slice) tap.Selection {
			b := newBench(l, &resttest.Data{}, paginators["page"])
			return tap.Selection{Stream: &tap.Stream{Name: name, Open: func(tap.StartingPoint) (*tap.Reading, error) {
				c := listed(slices)
				return &tap.Reading{Cursor: c, Retriever: b.Open(c)}, nil
			}}}
		}
		var parts []*tap.Slice
		for i := range 6 {
			parts = append(parts, tap.NewSlice(value.DictOf("p", int64(i)), nil, nil))
		}
		began := time.Now()
		results, err := tap.Read(t.Context(), []tap.Selection{stream("long", tap.NewSlice(nil, nil, nil)), stream("parts", parts...)},
			discard{}, tap.ReadSettings{Concurrency: 4})
		if err != nil || results[0].Records != 80 || results[1].Records != 480 {
			t.Errorf("results %+v, %v", results, err)
		}
		if l.most != 4 {
			t.Errorf("%d requests at a time, expected 4", l.most)
		}
		// 7 slices of 41 pages at 4 a second
		if passed := time.Since(began); passed > 80*time.Second {
			t.Errorf("the read took %v, expected about 72 s", passed)
		}
	})
}

// listed is a cursor over given slices.
type listed []*tap.Slice

func (c listed) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for _, s := range c {
			if !yield(s, nil) {
				return
			}
		}
	}
}
func (listed) Observe(*tap.Slice, tap.Record) {}
func (listed) Close(*tap.Slice) error         { return nil }
func (listed) Finish()                        {}
func (listed) State() *value.Dict             { return nil }
func (listed) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }

// discard is a sink that keeps nothing.
type discard struct{}

func (discard) Begin(*tap.Stream) error                              { return nil }
func (discard) Records(*tap.Stream, []tap.Record) error              { return nil }
func (discard) Checkpoint(*tap.Stream, *state.Bookmark) (int, error) { return 0, nil }
func (discard) End(*tap.Stream, error) error                         { return nil }
