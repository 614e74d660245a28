package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"anytap/internal/sampleapi"
)

// listServer answers with lists of 25 rows as json-server 1.x (later) or 0.x does. id is the form
// of the ids.
func listServer(t *testing.T, later bool, id string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		w.Header().Set("X-Powered-By", map[bool]string{true: "tinyhttp", false: "Express"}[later])
		number := func(name string) int {
			if n, err := strconv.Atoi(q.Get(name)); err == nil {
				return n
			}
			return 10
		}
		from, size := q.Get("_page"), number("_limit")
		if later {
			size = number("_per_page")
		}
		first := 0
		if from != "" {
			first = (number("_page") - 1) * size
		}
		rows := []json.RawMessage{}
		for n := first + 1; n <= min(first+size, 25); n++ {
			rows = append(rows, json.RawMessage(fmt.Sprintf(`{"id": `+id+`}`, n)))
		}
		switch {
		case later && q.Has("_limit"): // an unknown parameter is a filter, and no row has the field
			rows = rows[:0]
			fallthrough
		case later && from != "":
			_ = json.NewEncoder(w).Encode(map[string]any{"first": 1, "last": 3, "pages": 3, "items": 25, "data": rows})
		default:
			w.Header().Set("X-Total-Count", "25")
			_ = json.NewEncoder(w).Encode(rows)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestJSONServerOfTheOtherVersionIsNoticed checks that an answer which only looks like a short list
// is an error, which names the setting to change.
func TestJSONServerOfTheOtherVersionIsNoticed(t *testing.T) {
	t.Parallel()
	sample := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	for name, test := range map[string]struct {
		later            bool
		id               string
		pagination, size string
		says             string
	}{
		"1.x":                 {true, `"%d"`, "page", "_per_page", ""},
		"0.x":                 {false, `%d`, "page", "_limit", ""},
		"0.x with texts":      {false, `"%d"`, "page", "_limit", ""},
		"1.x, _limit":         {true, `"%d"`, "page", "_limit", "set size_param to _per_page"},
		"1.x, offset":         {true, `"%d"`, "offset", "_limit", "set pagination to page and size_param to _per_page"},
		"1.x, cursor":         {true, `"%d"`, "cursor", "_limit", "set pagination to page and size_param to _per_page"},
		"0.x, _per_page":      {false, `%d`, "page", "_per_page", "set size_param to _limit"},
		"cursor of text":      {false, `"%d"`, "cursor", "_limit", "set pagination to page or offset"},
		"cursor of UUID-like": {false, `"ab-%d"`, "cursor", "_limit", "set pagination to page or offset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sample.with(map[string]any{"base_url": listServer(t, test.later, test.id), "pagination": test.pagination, "size_param": test.size, "page_size": 10})
			for _, protocol := range protocols {
				o := s.read(t, protocol, selection{streams: []string{"posts"}})
				if test.says == "" {
					if n := len(ids(t, o.mustSucceed(t).lines)); n != 25 {
						t.Errorf("%s: %d records, want 25", protocol, n)
					}
					continue
				}
				if got := len(ids(t, o.lines)); o.code != 1 || got != 0 {
					t.Errorf("%s: exit code %d and %d records, want 1 and none", protocol, o.code, got)
				}
				o.mustSay(t, test.says)
			}
		})
	}
}
