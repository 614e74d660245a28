package restsource_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
)

// reply answers a query.
type reply func(q url.Values) resttest.Answer

// inOrder answers by the parameter page, which counts from 1. A body that is a number is a status.
// Behind the last body comes an empty list.
func inOrder(bodies ...string) reply {
	return func(q url.Values) resttest.Answer {
		page, _ := strconv.Atoi(q.Get("page"))
		if page < 1 || page > len(bodies) {
			return resttest.Answer{Body: `{"data": []}`}
		}
		if status, err := strconv.Atoi(bodies[page-1]); err == nil {
			return resttest.Answer{Status: status, Body: `{"message": "no"}`}
		}
		return resttest.Answer{Body: bodies[page-1]}
	}
}

// after answers by the parameter after, which is the ID of the last record of pages of two.
func after(bodies ...string) reply {
	return func(q url.Values) resttest.Answer {
		last, _ := strconv.Atoi(q.Get("after"))
		return resttest.Answer{Body: bodies[min(last/2, len(bodies)-1)]}
	}
}

// rows are records with the ids from one up to another.
func rows(from, to int) string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf(`{"id": %d}`, i))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// holds is a body with the rows, and further members.
func holds(from, to int, more string) string {
	return "{" + members(`"data": `+rows(from, to), more) + "}"
}

// countedFrom answers by the parameter offset with as many rows as limit says, of n. first is the
// offset of the first row, and hidden the ids of rows that are left out after the page was cut.
func countedFrom(n, first int, hidden string, more func(offset int) string) reply {
	return func(q url.Values) resttest.Answer {
		offset, _ := strconv.Atoi(q.Get("offset"))
		limit, _ := strconv.Atoi(q.Get("limit"))
		from := max(offset-first, 0)
		var all []string
		for i := from; i < min(from+limit, n); i++ {
			if id := strconv.Itoa(i + 1); !strings.Contains(" "+hidden+" ", " "+id+" ") {
				all = append(all, `{"id": `+id+`}`)
			}
		}
		return resttest.Answer{Body: "{" + members(`"data": [`+strings.Join(all, ", ")+"]", more(offset)) + "}"}
	}
}

func nothingMore(int) string { return "" }

// equalRows answers by pages of two rows without keys, all of them equal, with what more says.
func equalRows(pages int, more func(page int) string) reply {
	return func(q url.Values) resttest.Answer {
		page, _ := strconv.Atoi(q.Get("page"))
		data := `"data": [{"x": 1}, {"x": 1}]`
		if page > pages {
			data = `"data": []`
		}
		return resttest.Answer{Body: "{" + members(data, more(page)) + "}"}
	}
}

// judged is a list and what becomes of it.
type judged struct {
	stream string // settings beside name, path and the schema
	reply  reply
	ids    string
	err    string // part of the error; empty: there is none
	warns  string // part of the log; empty: it is
	asked  string // values of the paging parameter, as they were sent; empty: they do not matter
}

const (
	pagesOf2   = `"primary_key": "id", "pagination": {"type": "page", "size_param": "limit", "page_size": 2}`
	offsetsOf2 = `"primary_key": "id", "pagination": {"type": "offset", "size_param": "limit", "page_size": 2}`
	keysOf2    = `"primary_key": "id", "pagination": {"type": "cursor", "cursor_field": "id", "param": "after", "size_param": "limit", "page_size": 2}`
	keyless    = `"pagination": {"type": "offset", "size_param": "limit", "page_size": 2}`
)

// endings are lists whose end is judged by one of the rarer rules.
var endings = map[string]judged{
	// Totals.
	"a total counts what is left": {pagesOf2, inOrder(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 4`), holds(5, 6, `"total": 2`)),
		"1 2 3 4 5 6", "", "", "1 2 1 1 2 3"},
	"a total changes with each page": {pagesOf2, inOrder(holds(1, 2, `"total": 8`), holds(3, 4, `"total": 7`), holds(5, 6, `"total": 6`)),
		"1 2 3 4 5 6", "", "the list changes with every page", ""},
	"a total is less than what came": {pagesOf2, inOrder(holds(1, 2, `"total": 3`), holds(3, 4, `"total": 3`), holds(5, 5, `"total": 3`)),
		"1 2 3 4 5", "", "fewer records than came already", "1 2 3"},
	"a total means the page": {pagesOf2, inOrder(holds(1, 2, `"total": 2`), holds(3, 4, `"total": 2`), holds(5, 5, `"total": 1`)),
		"1 2 3 4 5", "", "fewer records than came already", "1 2 3"},
	"a count means the page": {pagesOf2, inOrder(holds(1, 2, `"count": 2`), holds(3, 4, `"count": 2`), holds(5, 5, `"count": 1`)),
		"1 2 3 4 5", "", "", "1 2 3"},
	"a count means the list": {pagesOf2, inOrder(holds(1, 2, `"count": 4`), holds(3, 4, `"count": 4`), "500"),
		"1 2 3 4", "", "", "1 2"},
	"a total that stopped counting": {pagesOf2, inOrder(holds(1, 2, `"total": {"value": 4, "relation": "gte"}`), holds(3, 4, `"total": {"value": 4, "relation": "gte"}`), holds(5, 5, "")),
		"1 2 3 4 5", "", "", "1 2 3"},
	"a total that is missing at the end": {pagesOf2, inOrder(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 6`)),
		"1 2 3 4", "the list ended after 4 records, and total tells of 6", "asked for again", "1 2 3 3 3"},
	"the same, and pages vary": {pagesOf2, inOrder(holds(1, 2, `"total": 7`), holds(3, 3, `"total": 7`), holds(4, 5, `"total": 7`)),
		"1 2 3 4 5", "", "the list ended after 5 records, and total tells of 7", "1 2 3 4 4 4"},
	"the same, and it is not to be trusted": {`"primary_key": "id", "pagination": {"type": "page", "size_param": "limit", "page_size": 2, "trust_total": false}`,
		inOrder(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 6`)), "1 2 3 4", "", "", "1 2 3"},
	"a total of pages is reached": {pagesOf2, inOrder(holds(1, 2, `"total_pages": 2`), holds(3, 4, `"total_pages": 2`), "500"),
		"1 2 3 4", "", "", "1 2"},

	// Where servers stop counting.
	"a round total is reached on a full page": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 500}`,
		inOrder(holds(1, 500, `"total": 1000`), holds(501, 1000, `"total": 1000`), holds(1001, 1200, `"total": 1000`)),
		numbers(1200), "", "fewer records than came already", "1 2 3"},
	"a round total, and the page behind it is refused": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 500}`,
		inOrder(holds(1, 500, `"total": 1000`), holds(501, 1000, `"total": 1000`), "413"), numbers(1000), "", "", "1 2 3"},
	"a round total that the configuration names": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 500, "total_path": "total"}`,
		inOrder(holds(1, 500, `"total": 1000`), holds(501, 1000, `"total": 1000`), "413"), numbers(1000), "", "", "1 2"},

	// Pages that are left out, as a rule says.
	"a page is ignored": {pagesOf2 + `, "responses": [{"status": 451, "action": "ignore"}]`, inOrder(holds(1, 2, `"total": 6`), "451", holds(5, 6, `"total": 6`)),
		"1 2 5 6", "", "", ""},
	"an ignored page ends a list without a total": {pagesOf2 + `, "responses": [{"status": 451, "action": "ignore"}]`, inOrder(holds(1, 2, ""), "451", holds(5, 6, "")),
		"1 2", "", "", "1 2"},

	// Offsets.
	"offsets begin at 1, as the answer says": {keyless, countedFrom(5, 1, "", func(offset int) string { return fmt.Sprintf(`"startIndex": %d`, max(offset, 1)) }),
		"1 2 3 4 5", "", "", "0 3 5"},
	"offsets begin at 1, as a record shows": {offsetsOf2, countedFrom(5, 1, "", nothingMore), "1 2 3 4 5", "", "", "0 2 4 6"},
	"offsets begin at 0":                    {offsetsOf2, countedFrom(5, 0, "", nothingMore), "1 2 3 4 5", "", "", "0 2 4"},
	"records are left out of pages": {`"primary_key": "id", "pagination": {"type": "offset", "size_param": "limit", "page_size": 4}`,
		countedFrom(11, 0, "2 3 6", func(offset int) string { return fmt.Sprintf(`"has_more": %t`, offset < 8) }), "1 4 5 7 8 9 10 11", "", "", "0 2 4 8"},
	"offsets of pages at the server's own size": {`"primary_key": "id", "pagination": {"type": "offset", "size_param": "limit", "page_size": 4, "total_path": "total"}`,
		func(q url.Values) resttest.Answer {
			q.Set("limit", "3")
			return countedFrom(8, 0, "", func(int) string { return `"total": 8` })(q)
		}, "1 2 3 4 5 6 7 8", "", "", "0 3 6"},

	"pages at the server's own size, which a full page shows": {`"primary_key": "id", "pagination": {"type": "page", "size_param": "limit", "page_size": 4}`,
		inOrder(holds(1, 3, `"has_more": true`), holds(4, 6, ""), holds(7, 8, "")), "1 2 3 4 5 6 7 8", "", "", "1 2 3"},

	// Pages that repeat.
	"equal rows, and the answer has the page's number": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`,
		equalRows(20, func(page int) string { return fmt.Sprintf(`"current_page": %d`, page) }), strings.TrimSpace(strings.Repeat(`{"x": 1} `, 40)), "", "", ""},
	"equal rows, and a total": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`,
		equalRows(20, func(int) string { return `"total": 40` }), strings.TrimSpace(strings.Repeat(`{"x": 1} `, 40)), "", "", ""},
	"equal rows, and nothing else": {`"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`,
		equalRows(1<<30, nothingMore), `{"x": 1} {"x": 1}`, "pages repeat", "", ""},
	"the last page comes again behind the end": {pagesOf2, inOrder(holds(1, 2, `"last_page": 2`), holds(3, 4, `"last_page": 2`), holds(3, 4, `"last_page": 2`)), "1 2 3 4", "", "", ""},
	"a page repeats that only had to be sure":  {pagesOf2, func(url.Values) resttest.Answer { return resttest.Answer{Body: holds(1, 2, `"total": 2`)} }, "1 2", "", "", "1 2"},
	"a page repeats": {pagesOf2, func(url.Values) resttest.Answer { return resttest.Answer{Body: holds(1, 2, "")} }, "1 2", "pages repeat", "", ""},

	// Empty pages.
	"empty pages, and more is promised": {pagesOf2, inOrder(holds(1, 2, `"has_more": true`), holds(1, 0, `"has_more": true`), holds(1, 0, `"has_more": true`), holds(3, 3, `"has_more": false`)),
		"1 2 3", "", "", "1 2 3 4"},
	"empty pages without end": {pagesOf2, func(q url.Values) resttest.Answer {
		if q.Get("page") == "1" {
			return resttest.Answer{Body: holds(1, 2, `"has_more": true`)}
		}
		return resttest.Answer{Body: `{"data": [], "has_more": true}`}
	}, "1 2", "", "", "1 2 3 4 5 6 7"},

	"an empty page, and what was left is known exactly": {keysOf2, after(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 4`), `{"data": []}`),
		"1 2 3 4", "the list ended after 4 records, and total tells of 6", "asked for again", ""},
	"an empty page that tells of none, and what was left is known exactly": {keysOf2, after(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 4`), `{"data": [], "total": 0}`),
		"1 2 3 4", "the list ended after 4 records, and total tells of 6", "asked for again", ""},
	"an empty page, and a total":                        {keysOf2, after(holds(1, 2, `"total": 6`), holds(3, 4, `"total": 6`), `{"data": []}`), "1 2 3 4", "", "may not be complete", ""},
	"an empty page behind what was left":                {keysOf2, after(holds(1, 2, `"total": 4`), holds(3, 4, `"total": 2`), `{"data": [], "total": 0}`), "1 2 3 4", "", "", ""},
	"an empty page behind full ones, and no other sign": {keysOf2, after(holds(1, 2, ""), holds(3, 4, ""), `{"data": []}`), "1 2 3 4", "", "", ""},

	// Refusals.
	"a page past the end is refused":      {pagesOf2, inOrder(holds(1, 2, ""), holds(3, 4, ""), "404"), "1 2 3 4", "", "", "1 2 3"},
	"a page that was promised is refused": {pagesOf2, inOrder(holds(1, 2, `"has_more": true`), "404"), "1 2", "the next page was refused, although has_more says so", "", "1 2"},
	"the first page is refused":           {pagesOf2, inOrder("404"), "", "404", "", "1"},
}

// TestEndings reads lists, and compares what is judged of their ends.
func TestEndings(t *testing.T) {
	for name, test := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			param := "page"
			if strings.Contains(test.stream, `"offset"`) {
				param = "offset"
			}
			var asked []string
			transport := &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
				u, err := url.Parse(r.URL)
				if err != nil {
					return resttest.Answer{Status: 400}
				}
				return test.reply(u.Query())
			}}
			s, err := open(t, transport, strings.Replace(configOf(`"schema": {"type": "object"}, `+test.stream, `"max_retries": 0, "prefetch": 1`), `, "primary_key": ["id"]`, "", 1))
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			for _, r := range transport.Log() {
				u, _ := url.Parse(r.URL)
				asked = append(asked, u.Query().Get(param))
			}
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
			if got := strings.Join(ids, " "); got != test.ids {
				t.Errorf("records are %.200q, expected %.200q", got, test.ids)
			}
			if got := s.log.String(); (got == "") != (test.warns == "") || !strings.Contains(got, test.warns) {
				t.Errorf("the log is %q, expected %q", got, test.warns)
			}
			if got := strings.Join(asked, " "); test.asked != "" && got != test.asked {
				t.Errorf("asked for %s, expected %s", got, test.asked)
			}
		})
	}
}

// TestTheEndIsJudgedAfterAResumeToo reads the first two pages of two, and goes on in another run.
func TestTheEndIsJudgedAfterAResumeToo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		total, last int  // the page behind which there is no token; 0: there always is one
		asked       int  // by the second run, at most
		warns       bool // that the list may not be complete
	}{
		"tokens grow past the end":          {4, 0, 5, false},
		"the list ends where the total is":  {4, 3, 1, false},
		"the list ends before the total is": {6, 3, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, newTables(), `{"base_url": "https://api.test", "streams": [{"name": "rows", "path": "/rows", "primary_key": "id", "records_path": "data", "schema": {"type": "object"},
				"pagination": {"type": "cursor", "cursor_path": "next", "total_path": "total"}}]}`)
			g.concurrency, g.limit = 1, 4
			g.reply = func(_ int, r resttest.Request) resttest.Answer {
				u, _ := url.Parse(r.URL)
				page, _ := strconv.Atoi(u.Query().Get("cursor"))
				page = max(page, 1)
				more := fmt.Sprintf(`"total": %d, "next": "%d"`, test.total, page+1)
				if page == test.last {
					more = fmt.Sprintf(`"total": %d`, test.total)
				}
				return resttest.Answer{Body: holds(2*page-1, min(2*page, 4), more)}
			}
			// Before its limit ends the first run, it may have seen that the list ends too early.
			if ids, errs := g.read(); ids["rows"] != "1 2 3 4" || len(errs) > 0 && !test.warns || !strings.Contains(g.state["rows"], `"came":4`) {
				t.Fatalf("the first run gave %v, %v and the state %s", ids, errs, g.state["rows"])
			}
			g.limit = 0
			ids, errs := g.read()
			if ids["rows"] != "" || len(errs) > 0 || len(g.asked) > test.asked {
				t.Errorf("the second run gave %v, %v and asked %v", ids, errs, g.asked)
			}
			if warned := strings.Contains(g.log.String(), "may not be complete"); warned != test.warns {
				t.Errorf("warned %v, want %v: %s", warned, test.warns, g.log.String())
			}
		})
	}
}
