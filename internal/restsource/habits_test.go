package restsource_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"anytap/internal/rest/resttest"
)

// habit is how one framework or product pages a list of n records, size of them a page.
type habit struct {
	// reply answers a request; rows gives the records from one index up to another, as a JSON list.
	reply  func(q asked) resttest.Answer
	stream string // members of the stream beside name and path
	size   int    // 0: 10
	found  string // the type of the way that is found
}

// asked is what a habit is asked for.
type asked struct {
	resttest.Request
	url.Values
	n, size int
}

// number is a parameter; missing is its value where it is not there, and bad where it is no number.
func (q asked) number(name string, missing int) int {
	text := q.Get(name)
	if text == "" {
		return missing
	}
	n, err := strconv.Atoi(strings.TrimLeft(text, "cX"))
	if err != nil {
		return missing
	}
	return n
}

// rows are the records from an index on, those of one page.
func (q asked) rows(from int) string { return q.rowsTo(from, from+q.size) }

func (q asked) rowsTo(from, to int) string {
	var rows []string
	for i := max(from, 0); i < min(to, q.n); i++ {
		late := ""
		if i >= 2*q.size { // from the third page on
			late = `, "late": true`
		}
		rows = append(rows, fmt.Sprintf(`{"id": %d, "name": "n%d", "at": "2026-01-%02dT00:00:00Z"%s}`, i+1, i+1, i%28+1, late))
	}
	return "[" + strings.Join(rows, ", ") + "]"
}

// came is how many records a page from an index on has.
func (q asked) came(from int) int { return max(min(q.size, q.n-from), 0) }

func (q asked) pages() int { return (q.n + q.size - 1) / q.size }

// next is a JSON value where another page follows, else null.
func (q asked) next(from int, format string, args ...any) string {
	if from+q.size >= q.n {
		return "null"
	}
	return fmt.Sprintf(format, args...)
}

func says(format string, args ...any) resttest.Answer {
	return resttest.Answer{Body: fmt.Sprintf(format, args...)}
}

func refuse(status int, text string) resttest.Answer {
	return resttest.Answer{Status: status, Body: fmt.Sprintf(`{"detail": %q}`, text)}
}

// atPage is a list by page numbers.
func atPage(name string, first int, answer func(q asked, page, from int) resttest.Answer) func(asked) resttest.Answer {
	return func(q asked) resttest.Answer {
		page := q.number(name, first)
		return answer(q, page, (page-first)*q.size)
	}
}

// atOffset is a list by offsets.
func atOffset(name string, first int, answer func(q asked, from int) resttest.Answer) func(asked) resttest.Answer {
	return func(q asked) resttest.Answer { return answer(q, q.number(name, first)-first) }
}

// inBody is a member of the request's body.
func (q asked) inBody(path ...string) string {
	var v any
	_ = json.Unmarshal([]byte(q.Body), &v)
	for _, name := range path {
		d, _ := v.(map[string]any)
		v = d[name]
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

const here = "https://api.test/v1/items"

// habits are what frameworks, products and servers do.
var habits = func() map[string]habit {
	all := maps.Clone(frameworks)
	maps.Copy(all, servers)
	return all
}()
