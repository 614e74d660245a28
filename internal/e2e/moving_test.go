package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"anytap/internal/golden"
)

// moving is a list that changes before each request but the first: rows come, go or are updated.
type moving struct {
	way, order, changes string // see movingWays and movingOrders; changes are some of "come, go, are updated"

	mu      sync.Mutex
	random  *rand.Rand
	changed int // requests before which rows changed
	rows    []movingRow
	last    int          // the greatest ID
	clock   int          // of updates
	stayed  map[int]bool // rows that were there all the time
	updated map[int]bool
}

type movingRow struct {
	ID int `json:"id"`
	At int `json:"at"` // when it was updated
}

// movingOrders are where a row stands in the list.
var movingOrders = map[string]func(movingRow) int{
	"oldest first":        func(r movingRow) int { return r.ID },
	"newest first":        func(r movingRow) int { return -r.ID },
	"first updated first": func(r movingRow) int { return r.At },
	"last updated first":  func(r movingRow) int { return -r.At },
}

func newMoving(way, order, changes string, seed uint64) *moving {
	m := &moving{way: way, order: order, changes: changes, random: rand.New(rand.NewPCG(seed, 3)), stayed: map[int]bool{}, updated: map[int]bool{}}
	for range 95 {
		m.add()
		m.stayed[m.last] = true
	}
	return m
}

func (m *moving) add() {
	m.last, m.clock = m.last+1, m.clock+1
	m.rows = append(m.rows, movingRow{m.last, m.clock})
}

// change makes up to two changes of each kind. It has an end, as a list that grows faster than it
// is read has none.
func (m *moving) change() {
	if m.changed++; m.changed > 60 {
		return
	}
	for range m.random.IntN(3) {
		if strings.Contains(m.changes, "come") {
			m.add()
		}
	}
	for range m.random.IntN(3) {
		if i := m.random.IntN(len(m.rows)); strings.Contains(m.changes, "go") {
			delete(m.stayed, m.rows[i].ID)
			m.rows = slices.Delete(m.rows, i, i+1)
		}
	}
	for range m.random.IntN(3) {
		if i := m.random.IntN(len(m.rows)); strings.Contains(m.changes, "updated") {
			m.clock++
			m.rows[i].At, m.updated[m.rows[i].ID] = m.clock, true
		}
	}
}

func (m *moving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token := r.URL.Query().Get("at")
	from, _ := strconv.Atoi(token)
	if token != "" {
		m.change()
	}
	place := movingOrders[m.order]
	rows := slices.SortedFunc(slices.Values(m.rows), func(a, b movingRow) int { return cmp.Compare(place(a), place(b)) })
	byKey := m.way == "key" || m.way == "last record"
	switch {
	case m.way == "page":
		from = max(from-1, 0) * 10
	case byKey && token != "":
		key := place(movingRow{ID: from, At: from})
		if from = slices.IndexFunc(rows, func(r movingRow) bool { return place(r) > key }); from < 0 {
			from = len(rows)
		}
	}
	from = min(from, len(rows))
	page := rows[from:min(from+10, len(rows))]
	answer := map[string]any{"items": append([]movingRow{}, page...)}
	if from+10 < len(rows) {
		next := strconv.Itoa(from + 10)
		if byKey {
			next = strings.TrimPrefix(strconv.Itoa(place(page[9])), "-")
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

// movingWays are the ways of paging, as source rest and as a manifest has them. A cursor is a place
// in the list, a key is the last row's.
var movingWays = map[string]struct{ pagination, manifest string }{
	"page": {`{"type": "page", "param": "at", "page_size": 10}`,
		`{type: DefaultPaginator, pagination_strategy: {type: PageIncrement, start_from_page: 1, page_size: 10}, page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: at}}`},
	"offset": {`{"type": "offset", "param": "at", "page_size": 10}`,
		`{type: DefaultPaginator, pagination_strategy: {type: OffsetIncrement, page_size: 10}, page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: at}}`},
	"cursor": {`{"type": "cursor", "cursor_path": "next", "param": "at"}`, movingCursor("{{ response.next }}", "{{ not response.next }}")},
	"key":    {`{"type": "cursor", "cursor_path": "next", "param": "at"}`, movingCursor("{{ response.next }}", "{{ not response.next }}")},
	"last record": {`{"type": "cursor", "cursor_field": "FIELD", "param": "at"}`,
		movingCursor("{{ last_record.FIELD }}", "{{ not last_record }}")},
	"next_url": {`{"type": "next_url", "cursor_path": "next"}`,
		`{type: DefaultPaginator, pagination_strategy: {type: CursorPagination, cursor_value: "{{ response.next }}", stop_condition: "{{ not response.next }}"}, page_token_option: {type: RequestPath}}`},
	"link": {`{"type": "link_header"}`,
		`{type: DefaultPaginator, pagination_strategy: {type: CursorPagination, cursor_value: "{{ headers.link.next.url }}", stop_condition: "{{ not headers.link.next }}"}, page_token_option: {type: RequestPath}}`},
}

func movingCursor(next, stop string) string {
	return fmt.Sprintf(`{type: DefaultPaginator, pagination_strategy: {type: CursorPagination, cursor_value: "%s", stop_condition: "%s"}, page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: at}}`, next, stop)
}

// read reads the list, and gives how often each row came and what was told of rows that came again.
func (m *moving) read(t *testing.T, asManifest bool) (times map[int]int, told int) {
	t.Helper()
	server := httptest.NewServer(m)
	defer server.Close()
	field := "id"
	if strings.Contains(m.order, "updated") {
		field = "at"
	}
	way := movingWays[m.way]
	args := []string{"--config"}
	if asManifest {
		manifest := `{version: 6.0.0, type: DeclarativeSource, check: {type: CheckStream, stream_names: [items]}, spec: {type: Spec, connection_specification: {type: object}},
			streams: [{type: DeclarativeStream, name: items, primary_key: [id], schema_loader: {type: InlineSchemaLoader, schema: {type: object}}, retriever: {type: SimpleRetriever,
			record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [items]}}, paginator: ` + strings.ReplaceAll(way.manifest, "FIELD", field) + `,
			requester: {type: HttpRequester, url: "` + server.URL + `/items"}}}]}`
		args = append(args, golden.TempFile(t, "config.json", "{}"), "--manifest-path", golden.TempFile(t, "manifest.yaml", manifest))
	} else {
		args = append(args, golden.TempFile(t, "config.json", fmt.Sprintf(`{"source": "rest", "base_url": %q, "prefetch": 1, "streams": [{"name": "items", "path": "/items", "records_path": "items",
			"primary_key": ["id"], "schema": {"type": "object"}, "pagination": %s}]}`, server.URL, strings.ReplaceAll(way.pagination, "FIELD", field))))
	}
	o := invoke(t, args...).mustSucceed(t)
	times = map[int]int{}
	for _, line := range parseLines(t, o.out) {
		var record movingRow
		if line.Type == "RECORD" && json.Unmarshal(line.Record, &record) == nil {
			times[record.ID]++
		}
	}
	if found := movingTold.FindStringSubmatch(string(o.logs)); found != nil {
		told, _ = strconv.Atoi(found[1])
	}
	return times, told
}

var movingTold = regexp.MustCompile(`came again on later pages.*records=(\d+)`)

// TestMovingLists reads lists that change between requests, in every way of paging and every order,
// as source rest and as a manifest.
//
// By a key no row is missed that was there all the time, but one that an update moves to the front
// of the list, behind the reader's back. In the other ways rows are missed where some go or move to
// the end. Rows that come again are counted: all of them where pages have numbers, those that come
// again on the very next page elsewhere.
func TestMovingLists(t *testing.T) {
	t.Parallel()
	seeds := uint64(5)
	if testing.Short() {
		seeds = 2
	}
	for way := range movingWays {
		for order := range movingOrders {
			for _, changes := range []string{"come", "go", "are updated", "come, go, are updated"} {
				t.Run(way+", "+order+", rows "+changes, func(t *testing.T) {
					t.Parallel()
					for seed := range seeds {
						m := newMoving(way, order, changes, seed)
						times, told := m.read(t, seed%2 == 1)
						m.judge(t, seed, times, told)
					}
				})
			}
		}
	}
}

func (m *moving) judge(t *testing.T, seed uint64, times map[int]int, told int) {
	t.Helper()
	again, missed, movedAway := 0, 0, 0
	for _, n := range times {
		again += n - 1
	}
	for id := range m.stayed {
		switch {
		case times[id] > 0:
		case m.updated[id] && m.order == "last updated first":
			movedAway++
		default:
			missed++
		}
	}
	byKey := m.way == "key" || m.way == "last record"
	goes, moves := strings.Contains(m.changes, "go"), strings.Contains(m.changes, "updated") && strings.Contains(m.order, "updated")
	gaps := goes || moves && m.order == "first updated first"
	switch {
	case missed > 0 && (byKey || !gaps):
		t.Errorf("seed %d: %d rows were missed", seed, missed)
	case again > 0 && byKey && !moves:
		t.Errorf("seed %d: %d rows came again by a key", seed, again)
	case (m.way == "page" || m.way == "offset" || !moves) && told != again:
		t.Errorf("seed %d: %d rows came again, %d were told of", seed, again, told)
	case told > again:
		t.Errorf("seed %d: %d rows came again, %d were told of", seed, again, told)
	}
}
