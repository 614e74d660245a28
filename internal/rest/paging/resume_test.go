package paging_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// positionOf is the position of a record in a listing of pages of two, as a read gives it.
func positionOf(t *testing.T, kind string, records []string, id int64) *state.Position {
	t.Helper()
	l := &resttest.Listing{Records: records, Size: 2}
	b := newBench(l, &resttest.Data{}, paginators[kind])
	pages, err := b.pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		for _, r := range page.Records {
			if got, _ := r.Data.Get("id"); got == id {
				at := page.Here
				at.LastID = id
				return &at
			}
		}
	}
	t.Fatalf("no record %d", id)
	return nil
}

func without(records []string, ids ...int) []string {
	return slices.DeleteFunc(slices.Clone(records), func(r string) bool {
		return slices.ContainsFunc(ids, func(id int) bool { return r == fmt.Sprintf(`{"id": %d}`, id) })
	})
}

func TestResumeAfterRowsMoved(t *testing.T) {
	all := resttest.Numbered(20)
	var shifted []string
	for i := range 3 {
		shifted = append(shifted, fmt.Sprintf(`{"id": %d}`, 100+i))
	}
	shifted = append(shifted, all...)
	tests := map[string]struct {
		kinds   []string
		last    int64
		records []string // what the API has at the second run
		want    string
		warns   bool
	}{
		"nothing moved":            {pagesFor, 9, all, idText(10, 20), false},
		"one removed before":       {[]string{"page", "offset"}, 9, without(all, 3), idText(10, 20), false},
		"five removed before":      {[]string{"page", "offset"}, 9, without(all, 1, 2, 3, 4, 5), idText(10, 20), false},
		"three added before":       {pagesFor, 9, shifted, idText(10, 20), false},
		"the last one was removed": {[]string{"page", "offset"}, 9, without(all, 9), idText(10, 20), true},
		"all before were removed":  {[]string{"page", "offset"}, 19, without(all, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18), "20", false},
	}
	for name, test := range tests {
		for _, kind := range test.kinds {
			for _, batch := range []int{0, 1} {
				t.Run(fmt.Sprintf("%s/%s/batch %d", name, kind, batch), func(t *testing.T) {
					at := positionOf(t, kind, all, test.last)
					l := &resttest.Listing{Records: test.records, Size: 2}
					b := newBench(l, &resttest.Data{Batch: batch}, paginators[kind])
					b.Settings.Strict = true
					b.Settings.Neighbours = 10
					ids, err := b.read(t, at)
					if err != nil {
						t.Fatal(err)
					}
					resttest.WantIDs(t, ids, test.want)
					if warned := b.log.String() != ""; warned != test.warns {
						t.Errorf("log: %s", b.log)
					}
				})
			}
		}
	}
}

func TestResumeAsksForThePageOnce(t *testing.T) {
	for _, kind := range pagesFor {
		l := &resttest.Listing{Records: resttest.Numbered(4), Size: 2}
		b := newBench(l, &resttest.Data{}, paginators[kind])
		if _, err := b.read(t, positionOf(t, kind, l.Records, 3)); err != nil {
			t.Fatal(err)
		}
		if asked := l.Asked(); len(asked) != 1 && (len(asked) != 2 || kind == "cursor" || kind == "url") {
			t.Errorf("%s: asked %q", kind, asked)
		}
	}
}

func TestResumeWithoutKeys(t *testing.T) {
	var records []string
	for i := range 6 {
		records = append(records, fmt.Sprintf(`{"n": %d}`, i))
	}
	l := &resttest.Listing{Records: records, Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.PrimaryKey = nil
	pages, err := b.pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	ids, err := b.read(t, &pages[1].After)
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, `{"n":4} {"n":5}`)
}

func TestCompositeKeys(t *testing.T) {
	l := &resttest.Listing{Records: []string{`{"id":1,"k":"a"}`, `{"id":1,"k":"b"}`, `{"id":1,"k":"c"}`}, Size: 5}
	b := newBench(l, &resttest.Data{}, paginators["cursor"])
	b.PrimaryKey = [][]string{{"id"}, {"k"}}
	ids, err := b.read(t, &state.Position{Kind: state.Opaque, LastID: value.NewList(int64(1), "b")})
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "1")
}

func TestGivenUpPositions(t *testing.T) {
	tests := map[string]struct {
		kind string
		at   state.Position
		says string
	}{
		"another pagination": {"page", state.Position{Kind: state.Offset, Token: int64(4)}, "another kind of pagination"},
		"another query":      {"page", state.Position{Kind: state.Page, Token: int64(2), Query: "old"}, "another query"},
		"the beginning":      {"page", state.Position{Kind: state.Page}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
			b := newBench(l, &resttest.Data{}, paginators[test.kind])
			ids, err := b.read(t, &test.at)
			if err != nil {
				t.Fatal(err)
			}
			resttest.WantIDs(t, ids, idText(1, 5))
			if !strings.Contains(b.log.String(), test.says) || test.says == "" && b.log.String() != "" {
				t.Errorf("log: %s", b.log)
			}
		})
	}
}

// refusal is an answer that ends a request.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string          { return r.text }
func (r refusal) Refusal() (int, string) { return r.status, r.text }

func TestRefusedPositions(t *testing.T) {
	tests := map[string]struct {
		kind   string
		at     state.Position
		answer refusal
		want   string // ids; empty: the error comes through
	}{
		"expired":               {"cursor", state.Position{Kind: state.Opaque, Token: "c2"}, refusal{400, `{"error":{"code":"cursor_expired","message":"Cursor expired"}}`}, idText(1, 5)},
		"invalid page token":    {"cursor", state.Position{Kind: state.Opaque, Token: "c2"}, refusal{410, "The page token is no longer valid."}, idText(1, 5)},
		"expired address":       {"url", state.Position{Kind: state.NextURL, Token: "https://api.test/items?offset=2"}, refusal{404, "invalid cursor"}, idText(1, 5)},
		"another refusal":       {"cursor", state.Position{Kind: state.Opaque, Token: "c2"}, refusal{400, "limit is too large"}, ""},
		"no right":              {"cursor", state.Position{Kind: state.Opaque, Token: "c2"}, refusal{403, "cursor expired"}, ""},
		"page that is gone":     {"page", state.Position{Kind: state.Page, Token: int64(9), LastID: int64(18)}, refusal{404, "{}"}, idText(1, 5)},
		"first page is refused": {"cursor", state.Position{Kind: state.Opaque, LastID: int64(1)}, refusal{400, "cursor expired"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
			l.Change = func(n int, _ url.Values, body string) (string, error) {
				if n == 1 {
					return "", fmt.Errorf("asking: %w", test.answer)
				}
				return body, nil
			}
			b := newBench(l, &resttest.Data{}, paginators[test.kind])
			ids, err := b.read(t, &test.at)
			if (err != nil) != (test.want == "") {
				t.Fatal(err)
			}
			resttest.WantIDs(t, ids, test.want)
			if warned := strings.Contains(b.log.String(), "read from its beginning"); warned != (err == nil) {
				t.Errorf("log: %s", b.log)
			}
		})
	}
}

func TestRefusedPageIsLookedForBefore(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	l.Change = func(_ int, q url.Values, body string) (string, error) {
		if strings.Contains(body, `"data": []`) {
			return "", refusal{404, "{}"}
		}
		return body, nil
	}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	ids, err := b.read(t, &state.Position{Kind: state.Page, Token: int64(6), LastID: int64(4)})
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "5")
}

func TestCursorExpiresOnTheWay(t *testing.T) {
	tests := map[string]struct {
		options paging.Settings
		times   int // how often it expires
		want    string
		fails   bool
	}{
		"asked for":        {paging.Settings{Strict: true}, 1, "1 2 1 2 3 4 5", false},
		"asked for, twice": {paging.Settings{Expired: &paging.DefaultExpiry}, 2, "1 2 1 2", true},
		"not asked for":    {paging.Settings{}, 1, "1 2", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			left := test.times
			l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
			l.Change = func(_ int, q url.Values, body string) (string, error) {
				if q.Get("cursor") == "c2" && left > 0 {
					left--
					return "", refusal{400, "Cursor expired"}
				}
				return body, nil
			}
			b := newBench(l, &resttest.Data{}, paginators["cursor"])
			b.Settings = test.options
			ids, err := b.read(t, nil)
			if (err != nil) != test.fails {
				t.Errorf("the read ended with %v", err)
			}
			resttest.WantIDs(t, ids, test.want)
		})
	}
}

func TestPositionIsGivenUpOnce(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	l.Change = func(int, url.Values, string) (string, error) { return "", refusal{400, "cursor expired"} }
	_, err := newBench(l, &resttest.Data{}, paginators["cursor"]).read(t, &state.Position{Kind: state.Opaque, Token: "c2"})
	if err == nil || len(l.Asked()) != 2 {
		t.Errorf("%d requests, error %v", len(l.Asked()), err)
	}
}

func TestQueryIsPartOfThePosition(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.PartitionPart = partOf("from", "a")
	pages, err := b.pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	at := pages[0].After
	if at.Query == "" {
		t.Fatal("the position has no query")
	}
	ids, err := b.read(t, &at)
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "3")
	b.PartitionPart = partOf("from", "b")
	if ids, err = b.read(t, &at); err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "1 2 3")
}

type injected struct{ name, value string }

func partOf(name, v string) rest.Injector { return injected{name, v} }

func (i injected) Inject(o *rest.Parts, _ *rest.PageRequest) error {
	return rest.FieldOption(rest.InParameter, i.name).Inject(o, i.value)
}
