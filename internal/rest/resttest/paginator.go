package resttest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Paginator is what every paginator has to pass. It must ask a Listing for pages of size records,
// by the parameters that the Listing knows.
func Paginator(t *testing.T, p rest.Paginator, size int) {
	t.Helper()
	s := paginatorSuite{p, size}
	for _, batch := range []int{0, 1} {
		for _, n := range []int{0, 1, size - 1, size, size + 1, 3 * size, 3*size + 1} {
			t.Run(fmt.Sprintf("%d records/batch %d", n, batch), func(t *testing.T) { s.reads(t, n, batch) })
		}
		t.Run(fmt.Sprintf("resume/batch %d", batch), func(t *testing.T) { s.resumes(t, batch) })
	}
	t.Run("resume after more was added", s.resumesAfterGrowth)
	t.Run("consumer stops", s.stops)
	t.Run("cancelled", s.cancelled)
	t.Run("answers without a list", s.noList)
	t.Run("the same answer for ever", s.endless)
	t.Run("used by several slices at once", s.shared)
}

type paginatorSuite struct {
	p    rest.Paginator
	size int
}

// loop is a page loop over a listing whose clock does not wait; warnings are errors of the test.
func (s paginatorSuite) loop(t *testing.T, l *Listing, d *Data) *paging.Loop {
	l.Size = s.size
	return &paging.Loop{
		Runtime: &rest.Runtime{
			Config: value.NewDict(0), Log: slog.New(slog.NewTextHandler(warnings{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
			Clock: NewClock(),
		},
		Stream: "items", PrimaryKey: [][]string{{"id"}}, Requester: l, Selector: d, Paginator: s.p,
		Settings: paging.Settings{Strict: true},
	}
}

type warnings struct{ t *testing.T }

func (w warnings) Write(line []byte) (int, error) {
	w.t.Errorf("warned: %s", line)
	return len(line), nil
}

func from(position *state.Position) *tap.Slice {
	s := tap.NewSlice(nil, nil, nil)
	s.Resume = position
	return s
}

// expect reads from a position and expects the ids first to last.
func expect(t *testing.T, p *paging.Loop, at *state.Position, first, last int) {
	t.Helper()
	ids, err := IDs(p.Open(nil).Pages(t.Context(), from(at)))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for id := first; id <= last; id++ {
		want = append(want, fmt.Sprint(id))
	}
	if got, want := strings.Join(ids, " "), strings.Join(want, " "); got != want {
		t.Errorf("records are %q, expected %q", got, want)
	}
}

func (s paginatorSuite) reads(t *testing.T, n, batch int) {
	l := &Listing{Records: Numbered(n)}
	expect(t, s.loop(t, l, &Data{Batch: batch}), nil, 1, n)
	if asked, most := len(l.Asked()), n/s.size+1; asked > most {
		t.Errorf("%d requests, expected at most %d: %q", asked, most, l.Asked())
	}
}

// resumes goes on from every position that a read gives: behind each record, and behind each page.
func (s paginatorSuite) resumes(t *testing.T, batch int) {
	n := 3*s.size + 1
	p := s.loop(t, &Listing{Records: Numbered(n)}, &Data{Batch: batch})
	out := 0
	for page, err := range p.Open(nil).Pages(t.Context(), from(nil)) {
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range page.Records {
			at := page.Here
			at.LastID = tap.IDOf(p.PrimaryKey, r)
			expect(t, p, &at, out+i+2, n)
		}
		out += len(page.Records)
		expect(t, p, &page.After, out+1, n)
	}
}

func (s paginatorSuite) resumesAfterGrowth(t *testing.T) {
	l := &Listing{}
	for n := 1; n <= 2*s.size; n++ {
		l.Records = Numbered(n)
		p := s.loop(t, l, &Data{})
		var last tap.Page
		for page, err := range p.Open(nil).Pages(t.Context(), from(nil)) {
			if err != nil {
				t.Fatal(err)
			}
			last = page
		}
		l.Records = Numbered(4 * s.size)
		expect(t, p, &last.After, n+1, 4*s.size)
	}
}

func (s paginatorSuite) stops(t *testing.T) {
	before := runtime.NumGoroutine()
	p := s.loop(t, &Listing{Records: Numbered(10 * s.size)}, &Data{})
	p.Settings.Prefetch, p.Settings.Speculate = 4, true
	for range p.Open(nil).Pages(t.Context(), from(nil)) {
		break
	}
	if now := settled(before); now > before {
		t.Errorf("%d goroutines are left of %d", now, before)
	}
}

// settled is the number of goroutines once those that have done their work are gone: one that has
// told so may still be ending.
func settled(most int) int {
	for range 100_000 {
		if runtime.NumGoroutine() <= most {
			break
		}
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}

func (s paginatorSuite) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pages := 0
	p := s.loop(t, &Listing{Records: Numbered(10 * s.size)}, &Data{})
	var err error
	for _, err = range p.Open(nil).Pages(ctx, from(nil)) {
		pages++
		cancel()
	}
	if pages != 2 || !errors.Is(err, context.Canceled) {
		t.Errorf("after %d pages the read ended with %v", pages, err)
	}
}

// noList ends at answers with an empty list, null, or none at all, where no total speaks against
// it.
func (s paginatorSuite) noList(t *testing.T) {
	for _, body := range []string{`{"data": []}`, `{"data": null}`, `{}`, `[]`, `null`} {
		l := &Listing{Records: Numbered(3 * s.size)}
		l.Change = func(n int, _ url.Values, whole string) (string, error) {
			if n == 1 {
				return strings.Replace(whole, `"total"`, `"sum"`, 1), nil
			}
			return body, nil
		}
		expect(t, s.loop(t, l, &Data{}), nil, 1, s.size)
	}
}

func (s paginatorSuite) endless(t *testing.T) {
	for _, strict := range []bool{true, false} {
		l := &Listing{Records: Numbered(3 * s.size)}
		first := ""
		l.Change = func(_ int, _ url.Values, whole string) (string, error) {
			if first == "" {
				first = whole
			}
			return first, nil
		}
		p := s.loop(t, l, &Data{})
		p.Settings.Strict = strict
		p.Runtime.Log = slog.New(slog.DiscardHandler)
		ids, err := IDs(p.Open(nil).Pages(t.Context(), from(nil)))
		if err == nil || len(ids) != s.size || len(l.Asked()) > paging.Patience+2 {
			t.Errorf("%d requests gave %v and ended with %v", len(l.Asked()), ids, err)
		}
	}
}

func (s paginatorSuite) shared(t *testing.T) {
	n := 5 * s.size
	p := s.loop(t, &Listing{Records: Numbered(n)}, &Data{})
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			expect(t, p, nil, 1, n)
		})
	}
}
