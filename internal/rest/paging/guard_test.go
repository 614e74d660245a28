package paging_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
)

// list is the answer of a listing with these records.
func list(next string, records ...string) string {
	return fmt.Sprintf(`{"data": [%s], "next": %s, "next_url": %s}`, strings.Join(records, ","), next, next)
}

func TestRepeatedPagesEndTheSlice(t *testing.T) {
	whole := resttest.Numbered(4)
	tests := map[string]struct {
		kind   string
		answer func(n int, q url.Values, body string) string
		want   string // ids
		says   string
	}{
		"page number ignored": {"page", func(int, url.Values, string) string { return list("null", whole...) }, "1 2 3 4", "page number 2"},
		"offset ignored":      {"offset", func(int, url.Values, string) string { return list("null", whole...) }, "1 2 3 4", "offset 4"},
		"last page clamped": {"page", func(n int, _ url.Values, body string) string {
			return list("null", whole[2*min(n-1, 1):2*min(n-1, 1)+2]...)
		}, "1 2 3 4", "page number 3"},
		"first page past the end": {"page", func(n int, _ url.Values, body string) string {
			return list("null", whole[2*((n-1)%2):2*((n-1)%2)+2]...)
		}, "1 2 3 4", "page number 3"},
		"cursor ignored":  {"cursor", func(n int, _ url.Values, _ string) string { return list(fmt.Sprintf(`"c%d"`, n), whole...) }, "1 2 3 4", "cursor c1"},
		"the same cursor": {"cursor", func(n int, _ url.Values, _ string) string { return list(`"x"`, whole[min(n-1, 1)]) }, "1 2", "cursor x"},
		"cursors in a ring": {"cursor", func(n int, _ url.Values, _ string) string {
			return list(fmt.Sprintf(`"x%d"`, n%2), whole[min((n-1)%3, 2)])
		}, "1 2 3", "cursor"},
		"empty pages for ever": {"cursor", func(n int, _ url.Values, _ string) string {
			if n == 1 {
				return list(`"x"`, whole[0])
			}
			return list(`"x"`)
		}, "1", "cursor x"},
		"the same address": {"url", func(n int, _ url.Values, _ string) string {
			return list(`"https://api.test/a?key=s3cret"`, whole[min(n-1, 1)])
		}, "1 2", "next address https://api.test/a,"},
		"changing records of the same keys": {"page", func(n int, _ url.Values, _ string) string {
			return list("null", fmt.Sprintf(`{"id":1,"seen":%d}`, n), fmt.Sprintf(`{"id":2,"seen":%d}`, n))
		}, "1 2", "page number 2"},
	}
	for name, test := range tests {
		for _, batch := range []int{0, 1} {
			for _, strict := range []bool{true, false} {
				if batch > 0 && name == "changing records of the same keys" {
					continue // the keys of a batch of one say nothing
				}
				t.Run(fmt.Sprintf("%s/batch %d/strict %v", name, batch, strict), func(t *testing.T) {
					l := &resttest.Listing{Size: 2, Change: func(n int, q url.Values, body string) (string, error) {
						return test.answer(n, q, body), nil
					}}
					b := newBench(l, &resttest.Data{Batch: batch}, paginators[test.kind])
					b.Settings.Strict = strict
					ids, err := b.read(t, nil)
					if strict && name == "empty pages for ever" {
						if err != nil { // an empty page that tells of itself is the last
							t.Error(err)
						}
					} else if err == nil || !strings.Contains(err.Error(), test.says) && strict || strings.Contains(err.Error(), "s3cret") {
						t.Errorf("the read ended with %v, expected %q", err, test.says)
					}
					resttest.WantIDs(t, ids, test.want)
					if asked := len(l.Asked()); strict && asked > 6 || asked > 16 {
						t.Errorf("%d requests", asked)
					}
				})
			}
		}
	}
}

func TestKindsOfRepetition(t *testing.T) {
	for kind, want := range map[string]tap.Kind{"page": tap.System, "offset": tap.System, "cursor": tap.Transient, "url": tap.Transient} {
		l := &resttest.Listing{Size: 2, Change: func(int, url.Values, string) (string, error) { return list(`"x"`, resttest.Numbered(2)...), nil }}
		_, err := newBench(l, &resttest.Data{}, paginators[kind]).read(t, nil)
		if tap.KindOf(err) != want {
			t.Errorf("%s: %v is %s, expected %s", kind, err, tap.KindOf(err), want)
		}
	}
}

func TestRepetitionThatEndsIsWritten(t *testing.T) {
	tests := map[string]struct {
		kind string
		gave []string // answers in turn
		want string
	}{
		"cursor twice, then news":        {"cursor", []string{list(`"t"`, `{"id":1}`), list(`"t"`, `{"id":3}`), list(`"t"`, `{"id":3}`), list("null", `{"id":4}`)}, "1 3 3 4"},
		"the end comes as a page before": {"cursor", []string{list(`"t"`, `{"id":1}`), list("null", `{"id":1}`)}, "1 1"},
		"cursor with other content":      {"cursor", []string{list(`"t"`, `{"id":1}`), list(`"t"`, `{"id":2}`), list(`"t"`, `{"id":3}`), list("null", `{"id":4}`)}, "1 2 3 4"},
		"empty page with a cursor":       {"cursor", []string{list(`"t"`), list(`"u"`), list("null", `{"id":4}`)}, "4"},
		"equal pages without keys":       {"page", []string{list("", `{"a":1}`, `{"a":1}`), list("", `{"a":1}`, `{"a":1}`), list("", `{"a":2}`)}, `{"a":1} {"a":1} {"a":1} {"a":1} {"a":2}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Size: 2, Change: func(n int, _ url.Values, _ string) (string, error) {
				return strings.ReplaceAll(test.gave[n-1], `"next": , "next_url": `, `"next": null, "next_url": null`), nil
			}}
			ids, err := newBench(l, &resttest.Data{}, paginators[test.kind]).read(t, nil)
			if err != nil {
				t.Fatal(err)
			}
			resttest.WantIDs(t, ids, test.want)
		})
	}
}

func TestSmallEqualPagesWithoutKeysGoOn(t *testing.T) {
	records := make([]string, 120)
	for i := range records {
		records[i] = `{"v":1}`
	}
	l := &resttest.Listing{Records: records, Size: 2}
	b := newBench(l, &resttest.Data{}, paginators["page"])
	b.PrimaryKey, b.Settings.Strict = nil, true
	ids, err := b.read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != len(records) {
		t.Errorf("%d records, expected %d", len(ids), len(records))
	}
}

func TestHeldPagesAreWrittenBeforeAnError(t *testing.T) {
	l := &resttest.Listing{Size: 2, Change: func(n int, _ url.Values, _ string) (string, error) {
		if n == 4 {
			return "", refusal{403, "no"}
		}
		return list("null", resttest.Numbered(2)...), nil
	}}
	ids, err := newBench(l, &resttest.Data{}, paginators["page"]).read(t, nil)
	if err == nil {
		t.Error("no error")
	}
	resttest.WantIDs(t, ids, "1 2 1 2 1 2")
}

func TestHeldPagesKeepTheirPositions(t *testing.T) {
	gave := []string{list(`"t"`, `{"id":1}`), list(`"u"`, `{"id":1}`), list("null", `{"id":2}`)}
	l := &resttest.Listing{Size: 2, Change: func(n int, _ url.Values, _ string) (string, error) { return gave[n-1], nil }}
	pages, err := newBench(l, &resttest.Data{}, paginators["cursor"]).pages(t, tap.NewSlice(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pages {
		got = append(got, positionText(p.After))
	}
	if want := "[cursor t issued cursor u issued cursor u last 2 issued]"; fmt.Sprint(got) != want {
		t.Errorf("positions are %v, expected %s", got, want)
	}
}

var _ rest.Requester = (*resttest.Listing)(nil)
