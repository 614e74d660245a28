package paging_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

func TestPaginators(t *testing.T) {
	for kind, p := range paginators {
		t.Run(kind, func(t *testing.T) { resttest.Paginator(t, p, 2) })
	}
}

func TestPrefetch(t *testing.T) {
	tests := map[string]struct {
		options paging.Settings
		records int
		want    int // requests
	}{
		"one by one":        {paging.Settings{}, 8, 5},
		"the next one only": {paging.Settings{Prefetch: 2}, 8, 5},
		"unknown end":       {paging.Settings{Prefetch: 4}, 8, 5},
		"total":             {paging.Settings{Prefetch: 4, Total: at("total")}, 8, 4},
		"total, short page": {paging.Settings{Prefetch: 4, Total: at("total")}, 7, 4},
		"speculating":       {paging.Settings{Prefetch: 4, Speculate: true}, 8, -1},
	}
	for name, test := range tests {
		for _, kind := range []string{"page", "offset"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				l := &resttest.Listing{Records: resttest.Numbered(test.records), Size: 2}
				b := newBench(l, &resttest.Data{}, paginators[kind])
				b.Settings = test.options
				ids, err := b.read(t, nil)
				if err != nil {
					t.Fatal(err)
				}
				resttest.WantIDs(t, ids, idText(1, test.records))
				if got := len(l.Asked()); test.want >= 0 && got != test.want {
					t.Errorf("%d requests, expected %d: %v", got, test.want, l.Asked())
				}
			})
		}
	}
}

// TestTotalsThatAreNone reads lists whose totals stand for an unknown one, or are of no list.
func TestTotalsThatAreNone(t *testing.T) {
	whole := regexp.MustCompile(`"(total)": ?\d+`)
	for _, total := range []string{"-1", "9223372036854775807", "-9223372036854775808", "1e300", "-1e300", "9007199254740994", `"9223372036854775807"`} {
		for name, settings := range map[string]paging.Settings{
			"records": {Total: at("total")}, "records, ahead": {Total: at("total"), Prefetch: 4}, "pages": {TotalPages: at("total")},
		} {
			for _, kind := range []string{"page", "offset"} {
				t.Run(total+", "+name+"/"+kind, func(t *testing.T) {
					l := &resttest.Listing{Records: resttest.Numbered(8), Size: 2}
					l.Change = func(_ int, _ url.Values, body string) (string, error) {
						if !whole.MatchString(body) {
							t.Errorf("no total stands in %s", body)
						}
						return whole.ReplaceAllString(body, `"$1": `+total), nil
					}
					b := newBench(l, &resttest.Data{}, paginators[kind])
					b.Settings = settings
					ids, err := b.read(t, nil)
					if err != nil {
						t.Fatal(err)
					}
					resttest.WantIDs(t, ids, idText(1, 8))
				})
			}
		}
	}
}

func TestPagesAreFetchedAtTheSameTime(t *testing.T) {
	const most = 4
	waiting, release := make(chan struct{}), make(chan struct{})
	l := &resttest.Listing{Records: resttest.Numbered(12), Size: 2}
	l.Change = func(n int, q url.Values, body string) (string, error) {
		if q.Get("page") != "1" {
			waiting <- struct{}{}
			<-release
		}
		return body, nil
	}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.Settings = paging.Settings{Prefetch: most, Total: at("total")}
	go func() {
		for range most - 1 {
			<-waiting
		}
		close(release)
		for range waiting {
		}
	}()
	ids, err := b.read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, idText(1, 12))
	close(waiting)
}

func TestAnswerThatBreaksOff(t *testing.T) {
	for _, kind := range pagesFor {
		for _, batch := range []int{0, 1, 2} {
			t.Run(fmt.Sprintf("%s/batch %d", kind, batch), func(t *testing.T) {
				l := &resttest.Listing{Records: resttest.Numbered(12), Size: 5}
				d := &resttest.Data{Batch: batch, Break: func(n, index int) error {
					if (n == 2 || n == 3) && index == n+1 {
						return fmt.Errorf("body: %w", io.ErrUnexpectedEOF)
					}
					return nil
				}}
				p := paginators[kind]
				if numbered, ok := p.(byNumber); ok {
					numbered.size = 5
					p = numbered
				}
				ids, err := newBench(l, d, p).read(t, nil)
				if err != nil {
					t.Fatal(err)
				}
				resttest.WantIDs(t, ids, idText(1, 12))
			})
		}
	}
}

func TestAnswerThatNeverComesWhole(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 5}
	d := &resttest.Data{Batch: 1, Break: func(n, index int) error {
		if index == 2 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}}
	ids, err := newBench(l, d, paginators["cursor"]).read(t, nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the read ended with %v", err)
	}
	resttest.WantIDs(t, ids, "1 2")
	if n := len(l.Asked()); n != 6 {
		t.Errorf("%d requests, expected 6", n)
	}
}

func TestErrorComesAfterItsRecords(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(4), Size: 2}
	d := &resttest.Data{Break: func(n, index int) error {
		if n == 2 && index == 1 {
			return errors.New("template: no")
		}
		return nil
	}}
	ids, err := newBench(l, d, paginators["page"]).read(t, nil)
	if err == nil {
		t.Error("no error")
	}
	resttest.WantIDs(t, ids, "1 2 3")
}

func TestPositions(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2}
	tests := map[string][]string{
		"page":   {"page 1 last 2", "page 2 last 3"},
		"offset": {"offset 0 last 2", "offset 2 last 3"},
		"cursor": {"cursor c2 issued", "cursor c2 last 3 issued"},
		"url":    {"next_url https://api.test/items?offset=2 issued", "next_url https://api.test/items?offset=2 last 3 issued"},
	}
	for kind, want := range tests {
		pages, err := newBench(l, &resttest.Data{}, paginators[kind]).pages(t, tap.NewSlice(nil, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, page := range pages {
			got = append(got, positionText(page.After))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: positions are %q, expected %q", kind, got, want)
		}
	}
}

func positionText(p state.Position) string {
	text := string(p.Kind) + " " + value.Str(p.Token)
	if p.LastID != nil {
		text += " last " + value.Str(p.LastID)
	}
	if !p.IssuedAt.IsZero() {
		text += " issued"
	}
	return text
}

// keepFrom is a cursor that keeps records from an id on.
type keepFrom struct {
	tap.Cursor
	id int64
}

func (c keepFrom) Abilities() tap.CursorAbilities { return tap.CursorAbilities{Keep: c.keep} }

func (c keepFrom) keep(_ *tap.Slice, d *value.Dict) bool {
	id, _ := d.Get("id")
	return id.(int64) >= c.id
}

func TestDataFeedStops(t *testing.T) {
	l := &resttest.Listing{Size: 2}
	for i := 9; i > 0; i-- {
		l.Records = append(l.Records, fmt.Sprintf(`{"id":%d}`, i))
	}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.DataFeed = true
	ids, err := resttest.IDs(b.Open(keepFrom{id: 5}).Pages(t.Context(), tap.NewSlice(nil, nil, nil)))
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "9 8 7 6 5")
	if n := len(l.Asked()); n != 3 {
		t.Errorf("%d requests, expected 3", n)
	}
}

func TestFilteredPageGoesOn(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(6), Size: 2}
	d := &resttest.Data{Keep: func(d *value.Dict) bool { id, _ := d.Get("id"); return id.(int64) > 4 }}
	ids, err := newBench(l, d, paginators["page"]).read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "5 6")
}

func TestCredits(t *testing.T) {
	options, err := paging.ParseSettings(value.DictOf("pages", value.DictOf("credits",
		value.DictOf("path", value.NewList("meta", "credits_used"), "per", "record"))))
	if err != nil {
		t.Fatal(err)
	}
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2}
	l.Change = func(n int, _ url.Values, body string) (string, error) {
		if n == 2 {
			return strings.Replace(body, `"total"`, `"meta": {"credits_used": 2.5}, "total"`, 1), nil
		}
		return body, nil
	}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.Settings = options
	pages, err := b.pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 2 || pages[0].Credits != 2 || pages[1].Credits != 2.5 {
		t.Errorf("pages %+v", pages)
	}
}

func TestCursorAge(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["cursor"])
	b.Settings.ExpireAfter = time.Hour
	at := state.Position{Kind: state.Opaque, Token: "c2", IssuedAt: b.clock.Now().Add(-59 * time.Minute)}
	ids, err := b.read(t, &at)
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "3 4 5")
	at.IssuedAt = b.clock.Now().Add(-61 * time.Minute)
	if ids, err = b.read(t, &at); err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "1 2 3 4 5")
	if !strings.Contains(b.log.String(), "older than the API keeps it") {
		t.Errorf("log: %s", b.log)
	}
}

// lulls is a Selector that says after every batch that nothing more has come for a while.
type lulls struct{ rest.Selector }

func (l lulls) Select(ctx context.Context, r *rest.Response, p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	batches := l.Selector.Select(ctx, r, p)
	return func(yield func([]tap.Record, error) bool) {
		for batch, err := range batches {
			if !yield(batch, err) || err == nil && !yield(nil, nil) {
				return
			}
		}
	}
}

func TestRecordsAreHandedOnInALull(t *testing.T) {
	for _, kind := range pagesFor {
		t.Run(kind, func(t *testing.T) {
			p := paginators[kind]
			if numbered, ok := p.(byNumber); ok {
				numbered.size = 2
				p = numbered
			}
			l := &resttest.Listing{Records: resttest.Numbered(4), Size: 2}
			pages, err := newBench(l, lulls{&resttest.Data{Batch: 1}}, p).pages(t, tap.NewSlice(value.NewDict(0), value.NewDict(0), nil))
			if err != nil {
				t.Fatal(err)
			}
			var handed []string
			for _, page := range pages {
				for _, r := range page.Records {
					id, _ := r.Data.Get("id")
					handed = append(handed, fmt.Sprintf("%v up to %v", id, page.After.LastID))
				}
			}
			if want := []string{"1 up to 1", "2 up to 2", "3 up to 3", "4 up to 4"}; !slices.Equal(handed, want) {
				t.Errorf("handed on %q, want each record by itself: %q", handed, want)
			}
		})
	}
}
