package paging_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// refuse answers requests by an action of the error handler.
func refuse(action rest.Action, when func(n int, q url.Values) bool) func(int, url.Values, string) (string, error) {
	return func(n int, q url.Values, body string) (string, error) {
		if when(n, q) {
			return "", fmt.Errorf("asking: %w", &rest.ActionError{Action: action, Message: "too much"})
		}
		return body, nil
	}
}

func TestReset(t *testing.T) {
	tests := map[string]struct {
		reset  *paging.Reset
		refuse func(n int, q url.Values) bool
		want   string
		fails  bool
	}{
		"once":              {nil, func(n int, _ url.Values) bool { return n == 2 }, "1 2 1 2 3", false},
		"twice":             {nil, func(n int, _ url.Values) bool { return n == 2 || n == 4 }, "1 2 1 2", true},
		"configured, twice": {&paging.Reset{}, func(n int, _ url.Values) bool { return n < 3 }, "", true},
		"by records":        {&paging.Reset{Limited: true, Limit: 2}, func(int, url.Values) bool { return false }, "1 2 1 2", true},
		"limit not reached": {&paging.Reset{Limited: true, Limit: 4}, func(int, url.Values) bool { return false }, "1 2 3", false},
		"limit of nothing":  {&paging.Reset{Limited: true}, func(int, url.Values) bool { return false }, "1 2 1 2", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2, Change: refuse(rest.ResetPagination, test.refuse)}
			b := newBench(l, &resttest.Data{}, paginators["page"])
			b.Reset, b.Settings.Strict = test.reset, true
			ids, err := b.read(t, nil)
			if (err != nil) != test.fails || err != nil && tap.KindOf(err) != tap.System {
				t.Errorf("the read ended with %v", err)
			}
			resttest.WantIDs(t, ids, test.want)
		})
	}
}

// windows is a cursor over ids: it cuts windows in two, and goes on inside one.
type windows struct {
	tap.Cursor
	floor int64
}

func window(from, to int64) *tap.Slice {
	return tap.NewSlice(nil, value.DictOf("from", from, "to", to), nil)
}

func bounds(s *tap.Slice) (from, to int64) {
	a, _ := s.Window.Get("from")
	b, _ := s.Window.Get("to")
	return a.(int64), b.(int64)
}

func (windows) Inject(o *rest.Parts, p *rest.PageRequest) error {
	o.Params = p.Slice.Window.Clone()
	return nil
}

func (c windows) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Split: c.split, Narrow: c.narrow}
}

func (c windows) split(s *tap.Slice, _ value.Timedelta) []*tap.Slice {
	from, to := bounds(s)
	if to-from <= c.floor {
		return nil
	}
	return []*tap.Slice{window(from, (from+to)/2), window((from+to)/2+1, to)}
}

func (windows) narrow(s *tap.Slice) tap.Narrowing { return &narrowing{slice: s} }

type narrowing struct {
	slice *tap.Slice
	seen  int64
}

func (n *narrowing) Observe(d *value.Dict) {
	id, _ := d.Get("id")
	n.seen = max(n.seen, id.(int64))
}

func (n *narrowing) Rest() *tap.Slice {
	if n.seen == 0 {
		return n.slice
	}
	_, to := bounds(n.slice)
	return window(n.seen, to)
}

// inWindow answers with the ids of a window.
type inWindow struct{ resttest.Listing }

func (l *inWindow) Send(ctx context.Context, p *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	from, to := bounds(p.Slice)
	inner := resttest.Listing{Records: resttest.Numbered(int(to))[from-1:], Size: 2, Change: l.Change}
	r, err := inner.Send(ctx, p, path, extra)
	_, _ = l.Listing.Send(ctx, p, path, extra)
	return r, err
}

func TestResetNarrows(t *testing.T) {
	l := &inWindow{resttest.Listing{Change: refuse(rest.ResetPagination, func(_ int, q url.Values) bool { return q.Get("page") == "3" })}}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.Reset, b.CursorPart, b.Settings.Strict = &paging.Reset{Narrow: true}, windows{}, true
	ids, err := resttest.IDs(b.Open(windows{}).Pages(t.Context(), window(1, 10)))
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "1 2 3 4 4 5 6 7 7 8 9 10")
	if last := l.Asked()[len(l.Asked())-1]; last != "from=7&limit=2&page=2&to=10" {
		t.Errorf("the last request was %q", last)
	}
}

func TestResetThatDoesNotNarrowFails(t *testing.T) {
	l := &inWindow{resttest.Listing{Change: refuse(rest.ResetPagination, func(n int, _ url.Values) bool { return true })}}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.Reset, b.CursorPart = &paging.Reset{Narrow: true}, windows{}
	_, err := resttest.IDs(b.Open(windows{}).Pages(t.Context(), window(1, 10)))
	if tap.KindOf(err) != tap.System || len(l.Asked()) != 1 {
		t.Errorf("%d requests, error %v", len(l.Asked()), err)
	}
}

func TestSplit(t *testing.T) {
	tests := map[string]struct {
		split   *paging.Split
		floor   int64
		largest int64 // window that the API takes
		kind    tap.Kind
		says    string
	}{
		"in halves":      {&paging.Split{}, 0, 2, "", ""},
		"not needed":     {nil, 0, 100, "", ""},
		"not configured": {nil, 0, 2, tap.Config, "request_window_splitting"},
		"too large":      {&paging.Split{FailureMessage: "ask for less"}, 4, 2, tap.Transient, "ask for less"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &inWindow{}
			l.Change = refuse(rest.SplitRequestWindow, func(_ int, q url.Values) bool {
				var from, to int64
				_, _ = fmt.Sscan(q.Get("from"), &from)
				_, _ = fmt.Sscan(q.Get("to"), &to)
				return to-from+1 > test.largest
			})
			b := newBench(l, &resttest.Data{}, paginators["page"])
			b.Split, b.CursorPart = test.split, windows{}
			ids, err := resttest.IDs(b.Open(windows{floor: test.floor}).Pages(t.Context(), window(1, 11)))
			if test.kind != "" {
				if err == nil || tap.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
					t.Errorf("the read ended with %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			resttest.WantIDs(t, ids, idText(1, 11))
		})
	}
}

func TestSplitEnds(t *testing.T) {
	l := &inWindow{resttest.Listing{Change: refuse(rest.SplitRequestWindow, func(int, url.Values) bool { return true })}}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.Split, b.CursorPart = &paging.Split{}, windows{}
	_, err := resttest.IDs(b.Open(endless{}).Pages(t.Context(), window(1, 10)))
	if tap.KindOf(err) != tap.Transient || len(l.Asked()) != 11 {
		t.Errorf("%d requests, error %v", len(l.Asked()), err)
	}
}

// endless cuts a window into itself.
type endless struct{ windows }

func (endless) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Split: func(s *tap.Slice, _ value.Timedelta) []*tap.Slice { return []*tap.Slice{s, s} }}
}

func TestShrink(t *testing.T) {
	defaults := paging.Shrink{Factor: 2, Minimum: 1, Attempts: 5, Backoff: time.Second}
	with := func(change func(*paging.Shrink)) *paging.Shrink {
		s := defaults
		change(&s)
		return &s
	}
	above := func(most int) func(int, url.Values) bool {
		return func(_ int, q url.Values) bool {
			var limit int
			_, _ = fmt.Sscan(q.Get("limit"), &limit)
			return limit > most
		}
	}
	tests := map[string]struct {
		shrink *paging.Shrink
		refuse func(int, url.Values) bool
		limits string // of the requests
		kind   tap.Kind
		says   string
	}{
		"keeps the smaller size": {with(func(*paging.Shrink) {}), above(2), "8 4 2 2 2 2 2 2", "", ""},
		"goes back": {with(func(s *paging.Shrink) { s.Restore = true }), func(n int, q url.Values) bool { return n == 1 || n == 3 },
			"8 4 8 4 8", "", ""},
		"not configured":      {nil, above(2), "8", tap.Config, "page_size_reduction"},
		"minimum":             {with(func(s *paging.Shrink) { s.Minimum, s.FailureMessage = 4, "too big" }), above(2), "8 4", tap.Transient, "too big"},
		"retries at minimum":  {with(func(s *paging.Shrink) { s.Minimum, s.RetriesAtMinimum = 4, 2 }), above(2), "8 4 4 4", tap.Transient, "4 records"},
		"minimum is the size": {with(func(s *paging.Shrink) { s.Minimum = 8 }), above(2), "8", tap.Config, "minimum_page_size"},
		"attempts":            {with(func(s *paging.Shrink) { s.Attempts = 2 }), above(0), "8 4 2", tap.Transient, "at every page size"},
		"broken factor":       {with(func(s *paging.Shrink) { s.Factor = 1.5 }), above(2), "8 5 3 2 2 2 2 2 2", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Records: resttest.Numbered(10), Size: 8, Change: refuse(rest.ReducePageSize, test.refuse)}
			b := newBench(l, &resttest.Data{}, byNumber{kind: "offset", size: 8})
			b.Shrink = test.shrink
			ids, err := b.read(t, nil)
			if test.kind == "" {
				if err != nil {
					t.Fatal(err)
				}
				resttest.WantIDs(t, ids, idText(1, 10))
			} else if err == nil || tap.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the read ended with %v", err)
			}
			if got := limits(l.Asked()); got != test.limits {
				t.Errorf("asked for %q, expected %q", got, test.limits)
			}
		})
	}
}

func limits(asked []string) string {
	var all []string
	for _, a := range asked {
		q, _ := url.ParseQuery(a)
		all = append(all, q.Get("limit"))
	}
	return strings.Join(all, " ")
}

// fields are properties in chunks.
type fields struct {
	chunks [][]string
	key    string
}

func (f fields) Chunks(context.Context) ([][]string, error) { return f.chunks, nil }
func (f fields) Merges() bool                               { return f.key != "" }

func (f fields) MergeKey(d *value.Dict) (string, bool, error) {
	v, ok := d.Get(f.key)
	if !ok {
		return "", false, nil
	}
	s, ok := v.(string)
	if !ok {
		return "", false, errors.New("a merge key that is no text")
	}
	return s, true, nil
}

// tables answers by the properties that are asked for.
type tables map[string]string

func (b tables) Send(_ context.Context, p *rest.PageRequest, _ string, _ *rest.Parts) (*rest.Response, error) {
	asked, _ := p.Slice.Extra.Get("query_properties")
	if names, ok := asked.(*value.List); !ok || names.Len() != len(p.Properties) {
		return nil, fmt.Errorf("query_properties are %v, expected %v", asked, p.Properties)
	}
	return rest.NewResponse(200, nil, "", []byte(b[strings.Join(p.Properties, ",")])), nil
}

func (tables) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{} }

func TestProperties(t *testing.T) {
	answers := tables{
		"a,b": `{"data":[{"id":"1","a":1,"n":{"x":1}},{"id":"2","a":3},{"a":5}]}`,
		"c":   `{"data":[{"id":"2","c":9},{"id":"1","c":8,"n":{"y":2}},{"id":"3","c":7}]}`,
		"i":   `{"data":[{"a":1},{"id":7},{"id":"8"}]}`,
	}
	tests := map[string]struct {
		fields fields
		want   []string
		fails  bool
	}{
		"merged":          {fields{[][]string{{"a", "b"}, {"c"}}, "id"}, []string{`{"a":5}`, `{"id":"1","a":1,"n":{"x":1,"y":2},"c":8}`, `{"id":"2","a":3,"c":9}`, `{"id":"3","c":7}`}, false},
		"not merged":      {fields{[][]string{{"a", "b"}, {"c"}}, ""}, []string{`{"id":"1","a":1,"n":{"x":1}}`, `{"id":"2","a":3}`, `{"a":5}`, `{"id":"2","c":9}`, `{"id":"1","c":8,"n":{"y":2}}`, `{"id":"3","c":7}`}, false},
		"key is a number": {fields{[][]string{{"i"}}, "id"}, []string{`{"a":1}`}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(answers, &resttest.Data{}, nil)
			b.Properties = test.fields
			var got []string
			var err error
			for page, pageErr := range b.Open(nil).Pages(t.Context(), tap.NewSlice(nil, nil, nil)) {
				for _, r := range page.Records {
					got = append(got, string(value.Append(nil, r.Data)))
				}
				err = pageErr
			}
			if (err != nil) != test.fails {
				t.Errorf("the read ended with %v", err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("records are %q, expected %q", got, test.want)
			}
		})
	}
}

func TestLazyFirstPage(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(5), Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["cursor"])
	b.Lazy = true
	first, err := value.DecodeString(`{"data":[{"id":1},{"id":2}],"next":"c2"}`)
	if err != nil {
		t.Fatal(err)
	}
	s := tap.NewSlice(nil, nil, value.DictOf(paging.ChildResponse, first))
	ids, err := resttest.IDs(b.Open(nil).Pages(t.Context(), s))
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, idText(1, 5))
	if n := len(l.Asked()); n != 2 {
		t.Errorf("%d requests, expected 2", n)
	}
}

// ignoring answers nothing from the second page on.
type ignoring struct{ resttest.Listing }

func (l *ignoring) Send(ctx context.Context, p *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	if p.Token != nil && p.Token != int64(1) && p.Token != int64(0) {
		return nil, nil
	}
	return l.Listing.Send(ctx, p, path, extra)
}

func TestIgnoredAnswerEndsTheSlice(t *testing.T) {
	for _, kind := range pagesFor {
		l := &ignoring{resttest.Listing{Records: resttest.Numbered(5), Size: 2}}
		ids, err := newBench(l, &resttest.Data{}, paginators[kind]).read(t, nil)
		if err != nil {
			t.Fatal(err)
		}
		resttest.WantIDs(t, ids, "1 2")
	}
}

func TestFirstOnly(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["cursor"])
	b.PartitionPart, b.CursorPart, b.FirstOnly = partOf("x", "router"), partOf("x", "cursor"), true
	if _, err := b.read(t, nil); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(l.Asked()); got != "[x=cursor cursor=c2]" {
		t.Errorf("asked %s", got)
	}
}

func TestCollision(t *testing.T) {
	l := &resttest.Listing{Records: resttest.Numbered(3), Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.PartitionPart = partOf("page", "7")
	if _, err := b.read(t, nil); err == nil || len(l.Asked()) != 0 {
		t.Errorf("%d requests, error %v", len(l.Asked()), err)
	}
}
