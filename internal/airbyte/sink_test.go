package airbyte

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

func TestSinkKeepsItsPromises(t *testing.T) {
	taptest.TestSink(t, taptest.SinkCase{
		New: func(out io.Writer, _ ...*tap.Stream) tap.Sink {
			return newSink(&output{writer: frontend.NewWriter(out), now: taptest.Now}, slog.New(slog.DiscardHandler), nil)
		},
		Read: func(line *value.Dict) taptest.Line {
			if record := value.Member[*value.Dict](line, "record"); record != nil {
				return taptest.Line{Stream: value.Member[string](record, "stream"), Record: value.Member[*value.Dict](record, "data")}
			}
			stream := value.Member[*value.Dict](value.Member[*value.Dict](line, "state"), "stream")
			name := value.Member[string](value.Member[*value.Dict](stream, "stream_descriptor"), "name")
			return taptest.Line{Bookmarks: map[string]*value.Dict{name: value.Member[*value.Dict](stream, "stream_state")}}
		},
	})
}

// TestRateLimitedStreamIsRunning wants RUNNING with the reason, and nothing once the stream has
// ended: a page that was prefetched may still hit the limit.
func TestRateLimitedStreamIsRunning(t *testing.T) {
	var out bytes.Buffer
	o := &output{writer: frontend.NewWriter(&out), now: func() time.Time { return time.Unix(0, 0) }}
	k, s := newSink(o, slog.New(slog.DiscardHandler), nil), &tap.Stream{Name: "items"}
	if err := k.Begin(s); err != nil {
		t.Fatal(err)
	}
	o.rateLimited("items")
	if err := k.End(s, nil); err != nil {
		t.Fatal(err)
	}
	o.rateLimited("items")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	const want = `{"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":0,"stream_status":{"stream_descriptor":{"name":"items"},"status":"RUNNING","reasons":[{"type":"RATE_LIMITED"}]}}}`
	if len(lines) != 3 || lines[1] != want || !strings.Contains(lines[2], complete) {
		t.Errorf("got %s", out.String())
	}
}
