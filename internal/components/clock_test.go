package components_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// The tests of this file read an API that goes on living: its clock moves between and during runs,
// and rows come all the time. Runs end early, at any request, and the next one goes on with the
// state. What all of them gave together must be everything.

// row is one row of the living API.
type row struct {
	ID int64  `json:"id"`
	P  string `json:"p"`
	U  string `json:"u"`
	N  int64  `json:"n"` // as ID
}

// living is an API whose rows are listed in pages of three.
type living struct {
	kind clockKind

	mu       sync.Mutex
	random   *rand.Rand
	now      time.Time
	rows     []row
	growing  bool           // rows come while it is read
	broken   map[int64]bool // rows whose cursor value is a list
	requests int
	log      []string
	stopAt   int // the request of this run at which stop is called; 0: none
	breakAt  int // the request of this run that is refused; 0: none
	stop     func()
}

const (
	clockForm = "2006-01-02T15:04:05Z"
	pageRows  = 3
)

func (l *living) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *living) partitions() []string { return []string{"a", "b", "c", "d", "e"} }

// grow adds rows, most of them of this moment and some that come late.
func (l *living) grow(n int) {
	for range n {
		at := l.now
		if l.kind.late > 0 && l.random.IntN(3) == 0 {
			at = at.Add(-time.Duration(l.random.Int64N(int64(l.kind.late))))
		}
		p := l.partitions()[l.random.IntN(len(l.partitions()))]
		id := int64(len(l.rows) + 1)
		l.rows = append(l.rows, row{id, p, at.UTC().Format(clockForm), id})
	}
}

// listed are the rows and the requests of the present run.
func (l *living) listed() (rows []row, log []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows, l.log
}

func (l *living) pass(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

func (l *living) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests++
	l.log = append(l.log, r.URL.RequestURI())
	l.now = l.now.Add(time.Duration(l.random.Int64N(int64(2 * time.Second))))
	if l.growing && l.random.IntN(2) == 0 {
		l.grow(1)
	}
	if l.requests == l.stopAt {
		l.stop()
	}
	if l.requests == l.breakAt {
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	}
	q := r.URL.Query()
	var all []any
	if r.URL.Path == "/parents" {
		for _, p := range l.partitions() {
			all = append(all, map[string]any{"name": p})
		}
	} else {
		for _, row := range l.list(q) {
			all = append(all, l.told(row))
		}
	}
	low, _ := strconv.Atoi(q.Get("offset"))
	if page, err := strconv.Atoi(q.Get("page")); err == nil {
		low = (page - 1) * pageRows
	}
	low = min(low, len(all))
	high := min(low+pageRows, len(all))
	answer := map[string]any{"items": slices.Concat([]any{}, all[low:high])}
	if high < len(all) {
		answer["next"] = high
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// told is a row as it is answered.
func (l *living) told(r row) any {
	if l.broken[r.ID] {
		return map[string]any{"id": r.ID, "p": r.P, "u": []int{1}, "n": []int{1}}
	}
	return r
}

// list are the rows that a query asks for.
func (l *living) list(q url.Values) []row {
	var rows []row
	since, _ := strconv.ParseInt(q.Get("since_id"), 10, 64)
	for _, r := range l.rows {
		if from := q.Get("from"); from != "" && r.U < from {
			continue
		}
		if to := q.Get("to"); to != "" && r.U > to {
			continue
		}
		if p := q.Get("p"); p != "" && !slices.Contains(strings.Split(p, ","), r.P) || r.ID <= since {
			continue
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.U, b.U) })
	if l.kind.newest {
		slices.Reverse(rows)
	}
	return rows
}

// clockKind is one kind of cursor, partitions and order.
type clockKind struct {
	sync   string // incremental_sync
	router string // partition_router
	param  string // the template of the parameter p
	newest bool   // the API lists the newest first
	late   time.Duration
	whole  bool // only days that are over are read
	after  int  // how many runs more it may take until everything is there
	repeat int  // how often a row may come again in each run, at most; -1: any number
}

const (
	clockTimes = `
      type: DatetimeBasedCursor
      cursor_field: u
      datetime_format: "%Y-%m-%dT%H:%M:%SZ"
      start_datetime: "2026-01-01T00:00:00Z"
      start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
      end_time_option: {type: RequestOption, inject_into: request_parameter, field_name: to}
`
	clockSteps = clockTimes + "      step: P1D\n      cursor_granularity: PT1S\n"
	clockList  = `{type: ListPartitionRouter, cursor_field: p, values: [a, b, c, d, e]}`
	clockSub   = `
        type: SubstreamPartitionRouter
        parent_stream_configs:
          - type: ParentStreamConfig
            parent_key: name
            partition_field: p
            stream:
              type: DeclarativeStream
              name: parents
              schema_loader: {type: InlineSchemaLoader, schema: {type: object}}
              retriever:
                type: SimpleRetriever
                requester: {type: HttpRequester, url: "{{ config['base'] }}/parents"}
                record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [items]}}
                paginator:
                  type: DefaultPaginator
                  page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
                  pagination_strategy: {type: PageIncrement, start_from_page: 1, page_size: 3}
`
	clockKeys = `
      type: ReplicationKeyCursor
      cursor_field: u
      start_value: "2026-01-01T00:00:00Z"
      request_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
`
)

var clockKinds = map[string]clockKind{
	"one window":                   {sync: clockTimes, repeat: 3},
	"one window, newest first":     {sync: clockTimes, newest: true, repeat: 9},
	"one window of seconds":        {sync: clockTimes + "      cursor_granularity: PT1S\n      step: P1000D\n", repeat: 3},
	"days":                         {sync: clockSteps, repeat: 3},
	"days, newest first":           {sync: clockSteps, newest: true, repeat: 9},
	"days that share borders":      {sync: clockTimes + "      step: P1D\n      cursor_granularity: PT0S\n", repeat: 9},
	"whole days":                   {sync: clockSteps + "      clamping: {target: DAY}\n", whole: true, repeat: 3},
	"a lookback":                   {sync: clockTimes + "      lookback_window: P2D\n", late: 47 * time.Hour, after: 1, repeat: -1},
	"days with a lookback":         {sync: clockSteps + "      lookback_window: P2D\n", late: 47 * time.Hour, after: 1, repeat: -1},
	"an end that moves":            {sync: clockTimes + "      end_datetime: \"{{ now_utc().strftime('%Y-%m-%dT%H:%M:%SZ') }}\"\n", repeat: 3},
	"a start that moves":           {sync: strings.Replace(clockTimes, `"2026-01-01T00:00:00Z"`, `"{{ day_delta(-400, format='%Y-%m-%dT%H:%M:%SZ') }}"`, 1), repeat: 3},
	"filtered here":                {sync: strings.ReplaceAll(clockTimes, "field_name: ", "field_name: x") + "      is_client_side_incremental: true\n", repeat: 9},
	"a data feed":                  {sync: strings.ReplaceAll(clockTimes, "field_name: ", "field_name: x") + "      is_data_feed: true\n", newest: true, repeat: 9},
	"a list":                       {sync: clockTimes, router: clockList, param: "{{ stream_partition.p }}", repeat: 9},
	"a list in days":               {sync: clockSteps, router: clockList, param: "{{ stream_partition.p }}", repeat: 9},
	"a list, newest first":         {sync: clockTimes, router: clockList, param: "{{ stream_partition.p }}", newest: true, repeat: 20},
	"a list with a lookback":       {sync: clockTimes + "      lookback_window: P2D\n", router: clockList, param: "{{ stream_partition.p }}", late: 47 * time.Hour, after: 1, repeat: -1},
	"parents":                      {sync: clockTimes, router: clockSub, param: "{{ stream_partition.p }}", repeat: 9},
	"parents in days":              {sync: clockSteps, router: clockSub, param: "{{ stream_partition.p }}", repeat: 9},
	"groups":                       {sync: clockTimes, router: `{type: GroupingPartitionRouter, group_size: 2, underlying_partition_router: ` + clockList + `}`, param: "{{ stream_partition.p | join(',') }}", repeat: -1},
	"groups in days":               {sync: clockSteps, router: `{type: GroupingPartitionRouter, group_size: 2, underlying_partition_router: ` + clockList + `}`, param: "{{ stream_partition.p | join(',') }}", repeat: -1},
	"one cursor for a list":        {sync: clockTimes + "      global_substream_cursor: true\n", router: clockList, param: "{{ stream_partition.p }}", repeat: -1},
	"a counter":                    {sync: "\n      type: IncrementingCountCursor\n      cursor_field: n\n      start_value: 0\n      start_value_option: {type: RequestOption, inject_into: request_parameter, field_name: since_id}\n", after: 1, repeat: 3},
	"a counter, newest first":      {sync: "\n      type: IncrementingCountCursor\n      cursor_field: n\n      start_value: 0\n      start_value_option: {type: RequestOption, inject_into: request_parameter, field_name: since_id}\n", newest: true, after: 1, repeat: -1},
	"a replication key":            {sync: clockKeys, after: 1, repeat: -1},
	"a replication key of a list":  {sync: clockKeys, router: clockList, param: "{{ stream_partition.p }}", after: 1, repeat: -1},
	"a replication key in windows": {sync: clockKeys + "      end_option: {type: RequestOption, inject_into: request_parameter, field_name: to}\n      window: P1D\n", after: 1, repeat: -1},
	"no cursor":                    {after: 1, repeat: -1},
	"no cursor, a list":            {after: 1, router: clockList, param: "{{ stream_partition.p }}", repeat: -1},
}

// manifest is the text of a manifest of the kind with a paginator.
func (k clockKind) manifest(paginator string) string {
	b := &strings.Builder{}
	fmt.Fprint(b, `
version: 7.39.1
type: DeclarativeSource
check: {type: CheckStream, stream_names: [rows]}
spec: {type: Spec, connection_specification: {type: object}}
streams:
  - type: DeclarativeStream
    name: rows
    primary_key: [id]
    schema_loader: {type: InlineSchemaLoader, schema: {type: object}}
`)
	if k.sync != "" {
		fmt.Fprintf(b, "    incremental_sync: %s", k.sync)
	}
	fmt.Fprint(b, `
    retriever:
      type: SimpleRetriever
      requester:
        type: HttpRequester
        url: "{{ config['base'] }}/rows"
        request_headers: {X-Time: "{{ now_utc() }}", X-Nonce: "{{ generate_uuid() }}"}
`)
	if k.param != "" {
		fmt.Fprintf(b, "        request_parameters: {p: %q}\n", k.param)
	}
	fmt.Fprint(b, "      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [items]}}\n")
	if k.router != "" {
		fmt.Fprintf(b, "      partition_router: %s\n", k.router)
	}
	fmt.Fprintf(b, "      paginator:\n        type: DefaultPaginator\n%s", paginator)
	return b.String()
}

var clockPaginators = map[string]string{
	"pages":   "        page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}\n        pagination_strategy: {type: PageIncrement, start_from_page: 1, page_size: 3}\n",
	"offsets": "        page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: offset}\n        pagination_strategy: {type: OffsetIncrement, page_size: 3}\n",
	"cursors": "        page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: offset}\n        pagination_strategy: {type: CursorPagination, cursor_value: \"{{ response.get('next') }}\", stop_condition: \"{{ not response.get('next') }}\"}\n",
}

// eachClockKind runs a test with each kind of cursor under each paginator.
func eachClockKind(t *testing.T, test func(t *testing.T, k clockKind, paginator string)) {
	for name, k := range clockKinds {
		for paginator, text := range clockPaginators {
			t.Run(name+"/"+paginator, func(t *testing.T) {
				t.Parallel()
				test(t, k, text)
			})
		}
	}
}

// rowSink keeps the records and the last bookmark as a client does: as text.
type rowSink struct {
	t    testing.TB
	ids  []int64
	last []byte
}

func (s *rowSink) Begin(*tap.Stream) error { return nil }

func (s *rowSink) Records(_ *tap.Stream, records []tap.Record) error {
	for _, r := range records {
		id, _ := r.Data.Get("id")
		s.ids = append(s.ids, id.(int64))
	}
	return nil
}

func (s *rowSink) Checkpoint(_ *tap.Stream, b *state.Bookmark) (int, error) {
	s.last = nil
	if d := b.Dict(); d != nil {
		s.last = value.Append(nil, d)
	}
	return len(s.last), nil
}

func (s *rowSink) End(*tap.Stream, error) error { return nil }

// clockRun is one run of a schedule.
type clockRun struct {
	budget  int // max_requests; 0: none
	stopAt  int // the request at which it is stopped from outside; 0: none
	breakAt int // the request that is refused; 0: none
	part    int // checkpoint_records; 0: the default
	inTurn  bool
}

// life is an API with the runs that read it.
type life struct {
	t      testing.TB
	api    *living
	random *rand.Rand
	text   string
	config *value.Dict
	state  []byte
	given  map[int64]int
	logs   *bytes.Buffer
	told   []string // what happened, for failures
}

func newLife(t testing.TB, k clockKind, paginator string, seed uint64) *life {
	api := &living{kind: k, random: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for range 25 {
		api.grow(1)
		api.now = api.now.Add(time.Duration(api.random.Int64N(int64(8 * time.Hour))))
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return &life{t: t, api: api, random: rand.New(rand.NewPCG(seed, 2)), text: k.manifest(paginator), config: value.DictOf("base", server.URL), given: map[int64]int{}, logs: &bytes.Buffer{}}
}

// run reads the API once, and reports whether it came to the end, and the error of the run.
func (l *life) run(r clockRun) (ended bool, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.api.mu.Lock()
	l.api.requests, l.api.log, l.api.stopAt, l.api.breakAt, l.api.stop = 0, nil, r.stopAt, r.breakAt, cancel
	l.api.mu.Unlock()
	settings := value.DictOf("max_retries", int64(0), "concurrency", int64(1+l.random.IntN(3)))
	if r.inTurn { // each slice that is open costs a request to go on with
		settings.Set("concurrency", int64(1))
	}
	if r.part > 0 {
		settings.Set("checkpoint_records", int64(r.part))
	}
	if r.budget > 0 {
		settings.Set("max_requests", int64(r.budget))
	}
	l.config.Set("anytap", settings)
	load := func() (*manifest.Node, error) { return manifest.Parse("manifest.yaml", []byte(l.text)) }
	log := slog.New(slog.NewTextHandler(l.logs, nil))
	source, err := components.Connector(load, components.Overrides{}).Open(ctx, l.config.Clone(), tap.Environment{Now: l.api.Now, Log: log})
	if err != nil {
		l.t.Fatal(err)
	}
	streams, err := source.Streams(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	var d *value.Dict
	if l.state != nil {
		d = value.LazyDict(bytes.Clone(l.state))
	}
	b, err := state.Parse(d, source.Name, "rows")
	if err != nil {
		l.t.Fatalf("%v\n%s", err, l.state)
	}
	sink := &rowSink{t: l.t, last: l.state}
	source.Settings.Source, source.Settings.Clock, source.Settings.Log = source.Name, l.api.Now, log
	results, err := tap.Read(ctx, []tap.Selection{{Stream: streams[0], Bookmark: b}}, sink, source.Settings)
	for _, id := range sink.ids {
		l.given[id]++
	}
	_, asked := l.api.listed()
	l.told = append(l.told, fmt.Sprintf("%+v from %s\n   gave %v, error %v, %v\n   asked %v", r, l.state, sink.ids, err, results[0].Err, asked))
	l.state = sink.last
	if err == nil {
		err = results[0].Err
	}
	early := strings.Contains(l.logs.String(), "stream ended early")
	l.logs.Reset()
	return err == nil && !early, err
}

// missing are the rows that were there at a time and that no run gave.
func (l *life) missing(rows int) []row {
	var missing []row
	all, _ := l.api.listed()
	for _, r := range all[:rows] {
		if l.given[r.ID] == 0 {
			missing = append(missing, r)
		}
	}
	return missing
}

func (l *life) story() string { return strings.Join(l.told, "\n") }

// TestNothingIsLostWhileTheClockMoves interrupts runs in every way, lets time pass and rows come,
// and wants everything in the end.
func TestNothingIsLostWhileTheClockMoves(t *testing.T) {
	t.Parallel()
	seeds := 2
	if testing.Short() {
		seeds = 1
	}
	eachClockKind(t, func(t *testing.T, k clockKind, text string) {
		for seed := range uint64(seeds) {
			l := newLife(t, k, text, seed)
			l.api.growing = !k.newest // with numbers, rows at the front move all others
			for range 8 {
				run := clockRun{}
				switch at := 1 + l.random.IntN(7); l.random.IntN(4) {
				case 0:
					run.stopAt = at
				case 1:
					run.breakAt = at
				default:
					run.budget = at
				}
				_, err := l.run(run)
				if err != nil && run.budget > 0 && !strings.Contains(err.Error(), "max_requests is too small") {
					t.Fatalf("seed %d: a run with a budget failed: %v\n%s", seed, err, l.story())
				}
				l.between()
			}
			all, _ := l.api.listed()
			rows := len(all)
			if k.whole { // days that are over alone are read
				midnight := l.api.Now().Truncate(24 * time.Hour).Format(clockForm)
				if rows = slices.IndexFunc(all, func(r row) bool { return r.U >= midnight }); rows < 0 {
					rows = len(all)
				}
			}
			for range 1 + k.after {
				if ended, err := l.run(clockRun{}); !ended {
					t.Fatalf("seed %d: a run without a budget did not end: %v\n%s", seed, err, l.story())
				}
				l.api.pass(time.Second)
			}
			if missing := l.missing(rows); len(missing) > 0 {
				t.Fatalf("seed %d: lost %v\n%s", seed, missing, l.story())
			}
		}
	})
}

// between lets seconds to days pass, and rows come.
func (l *life) between() {
	l.api.mu.Lock()
	defer l.api.mu.Unlock()
	waits := []time.Duration{0, time.Second, time.Minute, 5 * time.Hour, 70 * time.Hour}
	for range l.api.random.IntN(3) {
		l.api.now = l.api.now.Add(waits[l.api.random.IntN(len(waits))])
		l.api.grow(l.api.random.IntN(3))
	}
	l.api.now = l.api.now.Add(time.Second)
}

// TestBudgetsComeToTheEnd reads a list in runs of a few requests, a second or more apart, and wants
// all of it after not many more requests than one run takes, and each run to get further.
func TestBudgetsComeToTheEnd(t *testing.T) {
	t.Parallel()
	step := 2
	if testing.Short() {
		step = 5
	}
	eachClockKind(t, func(t *testing.T, k clockKind, text string) {
		whole := newLife(t, k, text, 1)
		if ended, err := whole.run(clockRun{}); !ended {
			t.Fatal(err)
		}
		for budget := 4; budget < 9; budget += step {
			l := newLife(t, k, text, 1)
			all, _ := l.api.listed()
			rows := len(all)
			most := 3*len(whole.api.log)/(budget-2) + 10
			for runs := 1; len(l.missing(rows)) > 0; runs++ {
				if _, err := l.run(clockRun{budget: budget, inTurn: true}); err != nil {
					t.Fatalf("budget %d: %v\n%s", budget, err, l.story())
				}
				if runs > most {
					t.Fatalf("budget %d: after %d runs rows are missing, %v; one run takes %d requests\n%s", budget, runs, l.missing(rows), len(whole.api.log), l.story())
				}
				l.api.pass(time.Duration(1+l.random.IntN(3)) * time.Second)
			}
			again := 0
			for _, n := range l.given {
				again = max(again, n-1)
			}
			if k.repeat >= 0 && again > k.repeat {
				t.Errorf("budget %d: a row came %d times\n%s", budget, again+1, l.story())
			}
		}
	})
}
