package frontend

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/state"
)

// silent is a sink that takes everything.
type silent struct{}

func (silent) Begin(*tap.Stream) error                              { return nil }
func (silent) Records(*tap.Stream, []tap.Record) error              { return nil }
func (silent) Checkpoint(*tap.Stream, *state.Bookmark) (int, error) { return 0, nil }
func (silent) End(*tap.Stream, error) error                         { return nil }

// watching is a watch with a clock of its own, and all that it said.
type watching struct {
	*watch
	now  time.Time
	said []string
}

func newWatching(t *testing.T, level slog.Level) *watching {
	t.Helper()
	w := &watching{now: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}
	print := func(_ slog.Level, text string) error { w.said = append(w.said, text); return nil }
	w.watch = newWatch(&Run{
		Log: slog.New(LogHandler{Level: level, Print: print}),
		Measure: func(m Measurement) {
			w.said = append(w.said, fmt.Sprintf("METRIC %s %g %s %s %d %t", m.Name, m.Value, m.Stream, m.Endpoint, m.Status, m.Failed))
		},
		Estimate: func(stream string, records int64) {
			w.said = append(w.said, fmt.Sprintf("ESTIMATE %s %d", stream, records))
		},
	})
	w.Sink, w.clock = silent{}, func() time.Time { return w.now }
	return w
}

func (w *watching) records(s *tap.Stream, n int, after time.Duration) {
	w.now = w.now.Add(after)
	_ = w.Records(s, make([]tap.Record, n))
}

func exchangeOf(stream string, status, try int) tap.Exchange {
	address := func() string { return "https://api.example.com/v1/orders/7?page=2" }
	return tap.Exchange{Stream: stream, Method: "GET", Address: address, Status: status, Try: try, Verdict: "SUCCESS", Took: 250 * time.Millisecond, Bytes: 12}
}

// TestWatchTellsHowAReadGoes reads two streams, one of which fails, beside a parent that is not
// selected.
func TestWatchTellsHowAReadGoes(t *testing.T) {
	t.Parallel()
	w := newWatching(t, slog.LevelInfo)
	orders, items := &tap.Stream{Name: "orders"}, &tap.Stream{Name: "items"}
	_ = w.Begin(orders)
	w.exchanged(exchangeOf("orders", 200, 1))
	w.records(orders, 100, 10*time.Second)
	w.exchanged(exchangeOf("orders", 503, 1))
	w.waits("orders", "status 503", 45*time.Second)
	w.waits("orders", "status 503", 15*time.Second)
	w.exchanged(exchangeOf("orders", 200, 2))
	w.records(orders, 100, 30*time.Second)
	_ = w.End(orders, nil)
	_ = w.Begin(items)
	w.exchanged(exchangeOf("parents", 200, 1))
	_ = w.End(items, errors.New("refused"))
	want := []string{
		"stream begins stream=orders",
		"METRIC http_request_duration 0.25 orders /v1/orders/7 200 false",
		"METRIC http_request_duration 0.25 orders /v1/orders/7 503 true",
		"waiting stream=orders for=45s reason=status 503",
		"waiting stream=orders for=15s reason=status 503",
		"METRIC http_request_duration 0.25 orders /v1/orders/7 200 false",
		"reading stream=orders records=200 requests=3 retries=1 waited=45s records_per_second=5",
		"METRIC record_count 200 orders  0 false",
		"METRIC http_request_count 3 orders  0 false",
		"stream read stream=orders records=200 requests=3 retries=1 waited=45s seconds=40.0",
		"METRIC record_count 0 orders  0 false",
		"METRIC http_request_count 0 orders  0 false",
		"METRIC sync_duration 40 orders  0 false",
		"stream begins stream=items",
		"METRIC http_request_duration 0.25 parents /v1/orders/7 200 false",
		"stream ended before its end stream=items records=0 requests=0 seconds=0.0",
		"METRIC record_count 0 items  0 false",
		"METRIC http_request_count 0 items  0 false",
		"METRIC sync_duration 0 items  0 true",
	}
	if !slices.Equal(w.said, want) {
		t.Errorf("it said\n%s\nwant\n%s", strings.Join(w.said, "\n"), strings.Join(want, "\n"))
	}
	outcomes := w.outcomes([]tap.Result{{Stream: "orders", Records: 200}, {Stream: "items", Err: errors.New("refused")}})
	var table bytes.Buffer
	if err := WriteOutcomes(&table, outcomes); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "outcomes.txt", table.Bytes())
}

// TestDebugLogsEachRequest shows what --debug adds, with the fault of a request that got no answer.
func TestDebugLogsEachRequest(t *testing.T) {
	t.Parallel()
	w := newWatching(t, slog.LevelDebug)
	w.measure = nil
	w.exchanged(exchangeOf("orders", 200, 1))
	broken := exchangeOf("orders", 0, 2)
	broken.Fault, broken.Bytes, broken.Verdict = "connection reset", -1, "RETRY"
	w.exchanged(broken)
	want := []string{
		"request stream=orders method=GET address=https://api.example.com/v1/orders/7?page=2 status=200 ms=250 bytes=12 verdict=SUCCESS",
		"request stream=orders method=GET address=https://api.example.com/v1/orders/7?page=2 status=0 ms=250 try=2 fault=connection reset verdict=RETRY",
	}
	if !slices.Equal(w.said, want) {
		t.Errorf("it said\n%s\nwant\n%s", strings.Join(w.said, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatNextAndFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		outcomes       []Outcome
		next, failures string
	}{
		"all complete":   {[]Outcome{{Read: true}}, "Complete.", ""},
		"some failed":    {[]Outcome{{Read: true}, {Stream: "a", Read: true, Err: errors.New("refused")}, {Read: true, Err: errors.New("b")}, {}}, "Not complete. A run", "not complete: 2 of 3 streams failed; a: refused"},
		"a limit":        {[]Outcome{{Read: true, Early: "max_records"}}, "Not complete: max_records was reached.", ""},
		"an interrupted": {[]Outcome{{Read: true, Err: tap.ErrInterrupted}}, "Not complete. A run", ""},
	} {
		if got := whatNext(test.outcomes); !strings.HasPrefix(got, test.next) {
			t.Errorf("%s: next is %q, want %q…", name, got, test.next)
		}
		if got := Failures(test.outcomes); got != test.failures {
			t.Errorf("%s: failures are %q, want %q", name, got, test.failures)
		}
	}
}

// TestWatchSaysHowMuchIsLeft reads a list whose length is known, and one of several slices.
func TestWatchSaysHowMuchIsLeft(t *testing.T) {
	t.Parallel()
	w := newWatching(t, slog.LevelWarn)
	w.measure = nil
	orders, items := &tap.Stream{Name: "orders"}, &tap.Stream{Name: "items"}
	_ = w.Begin(orders)
	_ = w.Begin(items)
	w.expects("orders", 400)
	w.records(orders, 100, 10*time.Second)
	for range 9 {
		w.expects("items", 10)
	}
	w.expects("parents", 7)
	w.waits("items", "status 429", 20*time.Second)
	w.records(items, 20, 500*time.Millisecond)
	want := []string{"ESTIMATE orders 400", "ESTIMATE items 10", "ESTIMATE items 20", "ESTIMATE items 30", "ESTIMATE items 40", "ESTIMATE items 60", "ESTIMATE items 80"}
	if !slices.Equal(w.said, want) {
		t.Errorf("it said %q, want %q", w.said, want)
	}
	for stream, want := range map[string]string{
		"orders": "orders: 100 of 400 records (25 %), 10 a second, 0 requests",
		"items":  "items: 20 records, 2 a second, 0 requests, waits 20s: status 429",
	} {
		if got := w.line(w.of(stream)); got != want {
			t.Errorf("the line is %q, want %q", got, want)
		}
	}
}
