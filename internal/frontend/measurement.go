package frontend

import (
	"strings"

	"anytap/internal/tap"
)

// Measurement is a figure of a read, as Singer's clients know them.
type Measurement struct {
	Name     string // record_count, http_request_count, http_request_duration or sync_duration
	Timer    bool   // Value is seconds; else a number since the last measurement of this name
	Value    float64
	Stream   string
	Endpoint string // the path that was asked for; empty: the figure is of all
	Status   int    // of the answer; 0: there is none
	Failed   bool   // of timers
}

// measureCounts gives what was counted since the last time.
func (w *watch) measureCounts(s *watched, now *Outcome) {
	if w.measure == nil {
		return
	}
	w.measure(Measurement{Name: "record_count", Value: float64(now.Records - s.measured.records), Stream: s.Stream})
	w.measure(Measurement{Name: "http_request_count", Value: float64(now.Requests - s.measured.requests), Stream: s.Stream})
	s.measured.records, s.measured.requests = now.Records, now.Requests
}

// measureRequest gives how long an answer took.
func (w *watch) measureRequest(e *tap.Exchange) {
	if w.measure == nil || e.Status == 0 {
		return
	}
	w.measure(Measurement{
		Name: "http_request_duration", Timer: true, Value: e.Took.Seconds(), Stream: e.Stream,
		Endpoint: pathOf(e.Address()), Status: e.Status, Failed: e.Status >= 400,
	})
}

// pathOf is the path of an address.
func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	return "/" + path
}
