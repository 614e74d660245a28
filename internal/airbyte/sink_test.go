package airbyte

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
)

func TestRateLimitedIsRunning(t *testing.T) {
	var out bytes.Buffer
	o := &output{writer: frontend.NewWriter(&out), now: func() time.Time { return time.Unix(0, 0) }}
	k, s := newSink(o), &tap.Stream{Name: "items"}
	if err := k.Begin(s); err != nil {
		t.Fatal(err)
	}
	o.rateLimited("items")
	if err := k.End(s, nil); err != nil {
		t.Fatal(err)
	}
	o.rateLimited("items") // a page that was asked for ahead of a stream that is at its end
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	const want = `{"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":0,"stream_status":{"stream_descriptor":{"name":"items"},"status":"RUNNING","reasons":[{"type":"RATE_LIMITED"}]}}}`
	if len(lines) != 3 || lines[1] != want || !strings.Contains(lines[2], complete) {
		t.Errorf("got %s", out.String())
	}
}
