package cursor

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// syncOf builds an incremental_sync.
func syncOf(t *testing.T, text, config string, now func() time.Time) (contract.IncrementalSync, error) {
	t.Helper()
	n, err := manifest.Parse("test.yaml", []byte("type: DeclarativeStream\nincremental_sync:\n  "+
		strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err = manifest.Resolve(n); err != nil {
		t.Fatal(err)
	}
	table := Table()
	table["RequestOption"] = manifest.Entry{Build: manifest.As(func(_ *manifest.Compiler, n *manifest.Node) (*rest.RequestOption, error) {
		name, _ := n.Get("field_name").Text()
		return rest.FieldOption(rest.InParameter, name), nil
	})}
	c := manifest.NewCompiler(table, value.LazyDict([]byte(config)))
	c.Now, c.Log = now, nullLog
	return manifest.Build[contract.IncrementalSync](c, n.Get("incremental_sync"))
}

func atRecorded() time.Time { return recordedAt }

const dayCursor = `
type: DatetimeBasedCursor
cursor_field: u
datetime_format: "%Y-%m-%d"
start_datetime: "2026-11-01"
`

// windowsOf opens a cursor and writes its windows, one a line.
func windowsOf(t *testing.T, f contract.IncrementalSync, o tap.StartingPoint) string {
	t.Helper()
	c, err := f.Open(o, nil)
	if err != nil {
		return "open: " + err.Error()
	}
	slices, err := sliceAll(c, 50)
	var all []string
	for _, s := range slices {
		all = append(all, string(value.Append(nil, s.Window)))
	}
	if err != nil {
		all = append(all, "error: "+err.Error())
	}
	return strings.Join(all, " ")
}

// windowTests are the windows of a cursor after a state.
var windowTests = map[string]struct {
	sync string
	open tap.StartingPoint
	want string
}{
	"one window": {dayCursor, tap.StartingPoint{}, `{"start_time":"2026-11-01","end_time":"2026-11-20"}`},
	"a state":    {dayCursor, tap.StartingPoint{State: value.DictOf("u", "2026-11-10")}, `{"start_time":"2026-11-10","end_time":"2026-11-20"}`},
	"names of the bounds": {
		dayCursor + `partition_field_start: "{{ config['name'] }}"` + "\npartition_field_end: until", tap.StartingPoint{},
		`{"since":"2026-11-01","until":"2026-11-20"}`,
	},
	"templates": {`
type: DatetimeBasedCursor
cursor_field: u
datetime_format: "%Y-%m-%d"
start_datetime:
  type: MinMaxDatetime
  datetime: "{{ config['start'] }}"
  datetime_format: "%Y-%m-%dT%H:%M:%SZ"
end_datetime: "{{ now_utc().strftime('%Y-%m-%d') }}"
step: "P{{ config['days'] }}D"
cursor_granularity: P1D
lookback_window: "P{{ config['days'] - 3 }}D"
`, tap.StartingPoint{}, `{"start_time":"2026-11-18","end_time":"2026-11-20"}`},
	"the catalog's field": {
		dayCursor + "allow_catalog_defined_cursor_field: true",
		tap.StartingPoint{CursorField: []string{"c"}, State: value.DictOf("c", "2026-11-19", "u", "2026-11-02")},
		`{"start_time":"2026-11-19","end_time":"2026-11-20"}`,
	},
	"the catalog's field is not asked for": {
		dayCursor, tap.StartingPoint{CursorField: []string{"c"}, State: value.DictOf("c", "2026-11-19")},
		`{"start_time":"2026-11-01","end_time":"2026-11-20"}`,
	},
	"no field in the catalog": {
		dayCursor + "allow_catalog_defined_cursor_field: true", tap.StartingPoint{CursorField: []string{""}, State: value.DictOf("u", "2026-11-19")},
		`{"start_time":"2026-11-19","end_time":"2026-11-20"}`,
	},
	"a nested field in the catalog": {
		dayCursor + "allow_catalog_defined_cursor_field: true", tap.StartingPoint{CursorField: []string{"c", "d"}},
		`open: the catalog's cursor_field has 2 parts: the cursor field can not be nested`,
	},
	"a broken end": {dayCursor + `end_datetime: tomorrow`, tap.StartingPoint{},
		`error: cut windows: end_datetime: "tomorrow" is no date in the format "%Y-%m-%d"`},
	"an empty end": {dayCursor + `end_datetime: ""`, tap.StartingPoint{}, `{"start_time":"2026-11-01","end_time":"2026-11-20"}`},
	"a broken state": {
		dayCursor, tap.StartingPoint{State: value.DictOf("u", "yesterday")},
		`open: state: u: no format fits: 'yesterday' is no date in the format "%Y-%m-%d"`,
	},
	"a counter": {
		"type: IncrementingCountCursor\ncursor_field: n\nstart_value: \"{{ config['days'] }}\"", tap.StartingPoint{State: value.DictOf("n", 9)},
		`{"start":9,"end":null}`,
	},
	"a counter without start": {"type: IncrementingCountCursor\ncursor_field: n", tap.StartingPoint{}, `{"start":0,"end":null}`},
}

func TestWindows(t *testing.T) {
	const config = `{"start":"2026-11-18T10:00:00Z","days":3,"name":"since"}`
	for name, tt := range windowTests {
		t.Run(name, func(t *testing.T) {
			f, err := syncOf(t, tt.sync, config, atRecorded)
			if err != nil {
				t.Fatal(err)
			}
			if got := windowsOf(t, f, tt.open); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestWrongSettingsAreRefused: what a stream without partitions refuses while it is built, one with
// partitions may refuse later.
func TestWrongSettingsAreRefused(t *testing.T) {
	tests := map[string]struct{ sync, single, partitioned string }{
		"fine":                     {dayCursor, "", ""},
		"step alone":               {dayCursor + "step: P1D", "go together", ""},
		"granularity alone":        {dayCursor + "cursor_granularity: P1D", "go together", ""},
		"a broken step":            {dayCursor + "step: 1D\ncursor_granularity: P1D", "step:", ""},
		"a broken granularity":     {dayCursor + "step: P1D\ncursor_granularity: 1D", "cursor_granularity:", "cursor_granularity:"},
		"a broken lookback":        {dayCursor + "lookback_window: 5 days", "lookback_window:", ""},
		"a lookback of a number":   {dayCursor + `lookback_window: "{{ 5 }}"`, "lookback_window: 5 is no text", ""},
		"a broken start":           {strings.Replace(dayCursor, "2026-11-01", "1.11.2026", 1), "start_datetime:", ""},
		"a broken clamping":        {dayCursor + "clamping: {target: YEAR}", "DAY, WEEK or MONTH", ""},
		"weeks without a day":      {dayCursor + "clamping: {target: WEEK}", "target_details.weekday", ""},
		"a counter":                {"type: IncrementingCountCursor\ncursor_field: n", "", "can not follow partitions"},
		"a counter from somewhere": {"type: IncrementingCountCursor\ncursor_field: n\nstart_value: x", "start_value is 'x'", "can not follow partitions"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := syncOf(t, tt.sync, "{}", atRecorded)
			if err != nil {
				t.Fatal(err)
			}
			check := func(err error, want string) {
				t.Helper()
				if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
			check(f.Validate(nil), tt.single)
			check(f.Validate(manyPartitions(1)), tt.partitioned)
			if tt.single == "" || tt.partitioned != "" {
				return
			}
			c, err := f.Open(tap.StartingPoint{}, manyPartitions(1))
			if err == nil {
				_, err = sliceAll(c, 5)
			}
			check(err, tt.single)
		})
	}
}

func TestDateState(t *testing.T) {
	f, err := syncOf(t, dayCursor, "{}", atRecorded)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		state  string
		router tap.PartitionRouter
		want   string // "": none
	}{
		"cursor":           {`{"u":"2026-11-03"}`, nil, "2026-11-03"},
		"broken":           {`{"u":"x"}`, nil, ""},
		"nothing":          {`{}`, nil, ""},
		"spans":            {`{"state_type":"date-range","slices":[{"start":"2026-11-01","end":"2026-11-05"}]}`, nil, "2026-11-05"},
		"spans with more":  {`{"state_type":"date-range","slices":[{"end":"2026-11-05","most_recent_cursor_value":"2026-11-04"}]}`, nil, "2026-11-04"},
		"no spans":         {`{"state_type":"date-range","slices":[]}`, nil, ""},
		"global":           {`{"state":{"u":"2026-11-06"},"u":"2026-11-03"}`, manyPartitions(1), "2026-11-06"},
		"nothing global":   {`{"u":"2026-11-03"}`, manyPartitions(1), ""},
		"global, no state": {`{"state":[]}`, manyPartitions(1), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			at, ok := f.DateState(value.LazyDict([]byte(tt.state)), tt.router)
			if got := at.Format(time.DateOnly); ok != (tt.want != "") || ok && got != tt.want {
				t.Errorf("got %s %v, want %q", got, ok, tt.want)
			}
		})
	}
}

func TestEndMovesWithTheClock(t *testing.T) {
	now := recordedAt
	f, err := syncOf(t, dayCursor+`end_datetime: "{{ today_utc() }}"`, "{}", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.Open(tap.StartingPoint{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	record := recordText(`"2026-11-21"`)
	if c.Abilities().Keep(nil, record) {
		t.Error("tomorrow's record is kept today")
	}
	now = now.Add(24 * time.Hour)
	if !c.Abilities().Keep(nil, record) {
		t.Error("today's record is dropped")
	}
}

func TestTraits(t *testing.T) {
	f, err := syncOf(t, dayCursor+"is_data_feed: true\nis_client_side_incremental: true\nstep: P1D\ncursor_granularity: P1D\nallow_catalog_defined_cursor_field: true", "{}", atRecorded)
	if err != nil {
		t.Fatal(err)
	}
	path, fromCatalog, err := f.Field()
	if err != nil || len(path) != 1 || path[0] != "u" || !fromCatalog || !f.DataFeed() || !f.ClientSide() {
		t.Errorf("%v %v %v %v %v", path, fromCatalog, err, f.DataFeed(), f.ClientSide())
	}
}

func TestLegacyIsBuilt(t *testing.T) {
	const stream = `
type: DeclarativeStream
retriever:
  type: SimpleRetriever
  partition_router: {type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, partition_field: "{{ config['id'] }}"}]}
incremental_sync: {type: DatetimeBasedCursor, cursor_field: "{{ parameters['cf'] }}"}
state_migrations: [{type: LegacyToPerPartitionStateMigration}]
$parameters: {cf: u}
`
	tests := map[string]struct{ stream, want string }{
		"substream":    {stream, ""},
		"union":        {strings.Replace(stream, "{type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, partition_field: \"{{ config['id'] }}\"}]}", "{type: UnionPartitionRouter, partition_field: pid}", 1), ""},
		"no router":    {strings.Replace(stream, "  partition_router", "  other", 1), "needs a stream with a SubstreamPartitionRouter"},
		"no sync":      {strings.Replace(stream, "incremental_sync", "other", 1), "needs a stream with incremental_sync"},
		"list router":  {strings.Replace(stream, "type: SubstreamPartitionRouter,", "type: ListPartitionRouter,", 1), "needs a stream with a SubstreamPartitionRouter"},
		"empty router": {strings.Replace(stream, "[{type: ParentStreamConfig, partition_field: \"{{ config['id'] }}\"}]", "[]", 1), "needs a stream with a SubstreamPartitionRouter"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n := manifesttest.Resolve(t, "test.yaml", tt.stream)
			c := manifest.NewCompiler(Table(), value.DictOf("id", "pid"))
			m, err := manifest.Build[contract.StateMigration](c, n.Get("state_migrations").Items()[0])
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "test.yaml:") {
					t.Errorf("got %v, want a place and %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, _ := m.Migrate(value.LazyDict([]byte(`{"7":{"u":"a"}}`)))
			if text := string(value.Append(nil, got)); text != `{"states":[{"partition":{"pid":"7"},"cursor":{"u":"a"}}]}` {
				t.Errorf("got %s", text)
			}
		})
	}
}
