package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// moving is a list that changes before each request: rows come with greater IDs, and some go.
type moving struct {
	way     string
	newest  bool // the newest come first
	removes bool

	mu     sync.Mutex
	random *rand.Rand
	rows   []int
	last   int
	stayed map[int]bool // rows that were there all the time
}

func newMoving(way string, newest, removes bool, seed uint64) *moving {
	m := &moving{way: way, newest: newest, removes: removes, random: rand.New(rand.NewPCG(seed, 3)), last: 95, stayed: map[int]bool{}}
	for id := 1; id <= m.last; id++ {
		m.rows, m.stayed[id] = append(m.rows, id), true
	}
	return m
}

// change adds up to two rows and removes up to two.
func (m *moving) change() {
	for range m.random.IntN(3) {
		m.last++
		m.rows = append(m.rows, m.last)
	}
	for range m.random.IntN(3) {
		if i := m.random.IntN(len(m.rows)); m.removes && m.last < 200 {
			delete(m.stayed, m.rows[i])
			m.rows = slices.Delete(m.rows, i, i+1)
		}
	}
}

func (m *moving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := r.URL.Query()
	at, _ := strconv.Atoi(q.Get("at"))
	if len(q.Get("at")) > 0 && m.last < 200 {
		m.change()
	}
	rows := slices.Clone(m.rows)
	if m.newest {
		slices.Reverse(rows)
	}
	switch {
	case m.way == "page":
		at = max(at-1, 0) * 10
	case m.way == "key" && len(q.Get("at")) > 0:
		from := slices.IndexFunc(rows, func(id int) bool { return id > at != m.newest && id != at })
		if at = from; from < 0 {
			at = len(rows)
		}
	}
	at = min(at, len(rows))
	page := rows[at:min(at+10, len(rows))]
	answer := map[string]any{"items": []any{}}
	var items []any
	for _, id := range page {
		items = append(items, map[string]any{"id": id})
	}
	if items != nil {
		answer["items"] = items
	}
	if at+10 < len(rows) {
		next := strconv.Itoa(at + 10)
		if m.way == "key" {
			next = strconv.Itoa(page[len(page)-1])
		}
		switch m.way {
		case "cursor", "key":
			answer["next"] = next
		case "next_url":
			answer["next"] = "http://" + r.Host + "/items?at=" + next
		case "link":
			w.Header().Set("Link", "<http://"+r.Host+"/items?at="+next+`>; rel="next"`)
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

var movingPaginations = map[string]map[string]any{
	"page":     {"type": "page", "param": "at", "page_size": 10},
	"offset":   {"type": "offset", "param": "at", "page_size": 10},
	"cursor":   {"type": "cursor", "cursor_path": "next", "param": "at"},
	"key":      {"type": "cursor", "cursor_path": "next", "param": "at"},
	"next_url": {"type": "next_url", "cursor_path": "next"},
	"link":     {"type": "link_header"},
}

// TestMovingLists reads lists that change between requests, in every way of paging. By a key, no
// row is missed that was there all the time, and none comes twice. In the other ways rows can come
// again or be missed: those that come again on the next page are counted.
func TestMovingLists(t *testing.T) {
	t.Parallel()
	counted := regexp.MustCompile(`came again on later pages.*records=(\d+)`)
	for way, pagination := range movingPaginations {
		for _, order := range []string{"oldest first", "newest first"} {
			for _, removes := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, removes %v", way, order, removes), func(t *testing.T) {
					t.Parallel()
					for seed := range uint64(5) {
						api := newMoving(way, order == "newest first", removes, seed)
						server := httptest.NewServer(api)
						t.Cleanup(server.Close)
						s := &sample{config: map[string]any{"source": "rest", "base_url": server.URL, "prefetch": 1, "streams": []any{map[string]any{
							"name": "items", "path": "/items", "records_path": "items", "primary_key": []string{"id"},
							"schema": map[string]any{"type": "object"}, "pagination": pagination}}}}
						o := s.read(t, "singer", selection{}).mustSucceed(t)
						times, again := map[string]int{}, 0
						for _, id := range ids(t, o.lines) {
							if times[id]++; times[id] > 1 {
								again++
							}
						}
						missed := 0
						for id := range api.stayed {
							if times[identity("items", "", strconv.Itoa(id))] == 0 {
								missed++
							}
						}
						said := 0
						if found := counted.FindStringSubmatch(string(o.logs)); found != nil {
							said, _ = strconv.Atoi(found[1])
						}
						steady := way == "key" || !removes && order == "oldest first"
						switch {
						case (way == "key" || !removes) && missed > 0, steady && again > 0:
							t.Errorf("seed %d: %d rows were missed, %d came again", seed, missed, again)
						case said != again:
							t.Errorf("seed %d: %d rows came again, %d were told of\n%s", seed, again, said, o.logs)
						}
					}
				})
			}
		}
	}
}
