package frontend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"anytap/internal/tap"
)

// watch follows a read for the person who started it: it logs when a stream begins and ends, and
// how far it is every 30 s, and counts for the table at the end. It is the read's sink, which
// passes everything on to the protocol's own.
type watch struct {
	tap.Sink
	log      *slog.Logger
	measure  func(Measurement)
	show     func(line func() string) (end func())
	estimate func(stream string, records int64)
	clock    func() time.Time // goes on where the run's own stands still

	mu      sync.Mutex // other goroutines tell of requests and waits, and ask for lines
	streams map[string]*watched
}

// watched is what is known of one stream, or of something else that sends requests.
type watched struct {
	Outcome
	begun, told time.Time
	expected    int64     // records of the slices whose number is known
	slices      int       // these
	estimated   int64     // what the last estimate said
	wakes       time.Time // when the present wait is over
	reason      string    // of that wait
	hide        func()    // ends what is shown of it; nil: nothing is
	measured    struct {  // what the last measurements covered
		records  int64
		requests int
	}
}

// Outcome says how one stream of a read went.
type Outcome struct {
	Stream   string
	Records  int64
	Requests int           // those that were sent, retries among them
	Retries  int           // those that repeat another one
	Waited   time.Duration // before retries and for rate limits, of two seconds and more
	Took     time.Duration // from its begin to its end
	Early    string        // the limit that ended it early; empty: none did
	Err      error         // why it was not read to its end; nil: it was, or Early says so
	// Read is false for what only others asked for: a parent that is not selected, a login.
	Read bool
}

// State is the outcome in a word or two.
func (o *Outcome) State() string {
	switch {
	case !o.Read:
		return "not selected"
	case errors.Is(o.Err, tap.ErrInterrupted):
		return "interrupted"
	case o.Err != nil:
		return "failed"
	case o.Early != "":
		return "ended early"
	}
	return "complete"
}

// progressEvery is how often a stream that is read logs how far it is.
const progressEvery = 30 * time.Second

// newWatch makes a watch for a run. It gets its Sink before a read begins.
func newWatch(r *Run) *watch {
	return &watch{log: r.Log, measure: r.Measure, show: r.Show, estimate: r.Estimate, clock: time.Now, streams: map[string]*watched{}}
}

// of is what is known of a stream; callers hold mu.
func (w *watch) of(stream string) *watched {
	s := w.streams[stream]
	if s == nil {
		s = &watched{Outcome: Outcome{Stream: stream}}
		w.streams[stream] = s
	}
	return s
}

// Begin implements tap.Sink.
func (w *watch) Begin(s *tap.Stream) error {
	w.mu.Lock()
	known := w.of(s.Name)
	known.Read, known.begun = true, w.clock()
	known.told = known.begun
	w.mu.Unlock()
	if w.show != nil {
		known.hide = w.show(func() string { return w.line(known) })
	}
	w.log.Info("stream begins", "stream", s.Name)
	return w.Sink.Begin(s)
}

// Records implements tap.Sink.
func (w *watch) Records(s *tap.Stream, records []tap.Record) error {
	w.mu.Lock()
	known := w.of(s.Name)
	known.Records += int64(len(records))
	now := w.clock()
	due := now.Sub(known.told) >= progressEvery
	if due {
		known.told = now
	}
	w.mu.Unlock()
	if due {
		w.tell(known, "reading", func(o *Outcome) []any {
			return []any{"records_per_second", fmt.Sprintf("%.0f", float64(o.Records)/now.Sub(known.begun).Seconds())}
		})
	}
	return w.Sink.Records(s, records)
}

// End implements tap.Sink. An error comes last: some clients show the last line alone.
func (w *watch) End(s *tap.Stream, err error) error {
	result := err
	if tap.BudgetOf(err) != nil {
		err = nil
	}
	w.mu.Lock()
	known := w.of(s.Name)
	known.Took, known.Err = w.clock().Sub(known.begun), err
	w.mu.Unlock()
	if known.hide != nil {
		known.hide()
	}
	text := "stream read"
	if err != nil {
		text = "stream ended before its end"
	}
	w.tell(known, text, func(o *Outcome) []any { return []any{"seconds", seconds(o.Took)} })
	if w.measure != nil {
		w.measure(Measurement{Name: "sync_duration", Timer: true, Value: known.Took.Seconds(), Stream: s.Name, Failed: err != nil})
	}
	return w.Sink.End(s, result)
}

// tell logs how far a stream is, and gives the measurements. It does so without mu: who writes logs
// may ask for a line.
func (w *watch) tell(s *watched, text string, more func(*Outcome) []any) {
	w.mu.Lock()
	o := s.Outcome
	w.mu.Unlock()
	w.log.Info(text, append(o.figures(), more(&o)...)...)
	w.measureCounts(s, &o)
}

// figures are attributes for a log line.
func (o *Outcome) figures() []any {
	args := []any{"stream", o.Stream, "records", o.Records, "requests", o.Requests}
	if o.Retries > 0 {
		args = append(args, "retries", o.Retries)
	}
	if o.Waited > 0 {
		args = append(args, "waited", o.Waited.Round(time.Second).String())
	}
	return args
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

// exchanged is told of each request.
func (w *watch) exchanged(e tap.Exchange) {
	w.mu.Lock()
	s := w.of(e.Stream)
	s.Requests++
	if e.Try > 1 {
		s.Retries++
	}
	w.mu.Unlock()
	w.measureRequest(&e)
	if w.log.Enabled(context.Background(), slog.LevelDebug) {
		w.logExchange(&e)
	}
}

// logExchange logs a request for --debug.
func (w *watch) logExchange(e *tap.Exchange) {
	args := []any{"stream", e.Stream, "method", e.Method, "address", e.Address(), "status", e.Status, "ms", e.Took.Milliseconds()}
	if e.Bytes >= 0 {
		args = append(args, "bytes", e.Bytes)
	}
	if e.Try > 1 {
		args = append(args, "try", e.Try)
	}
	if e.Fault != "" {
		args = append(args, "fault", e.Fault)
	}
	w.log.Debug("request", append(args, "verdict", e.Verdict)...)
}

// waits is told of each wait.
func (w *watch) waits(stream, reason string, d time.Duration) {
	w.mu.Lock()
	s := w.of(stream)
	s.Waited += min(d, progressEvery) // a longer one is told again
	s.wakes, s.reason = w.clock().Add(d), reason
	w.mu.Unlock()
	w.log.Info("waiting", "stream", stream, "for", d.Round(time.Second).String(), "reason", reason)
}

// expects is told how many records a slice has.
func (w *watch) expects(stream string, records int64) {
	w.mu.Lock()
	s := w.of(stream)
	s.expected += records
	s.slices++
	due := w.estimate != nil && s.Read && s.expected-s.estimated > s.estimated/4
	if due {
		s.estimated = s.expected
	}
	all := s.expected
	w.mu.Unlock()
	if due {
		w.estimate(stream, all)
	}
}

// line says in a line how far a stream is.
func (w *watch) line(s *watched) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock()
	text := fmt.Sprintf("%s: %d records", s.Stream, s.Records)
	if s.slices == 1 { // of several, nobody knows how many follow
		text = fmt.Sprintf("%s: %d of %d records (%.0f %%)", s.Stream, s.Records, s.expected, 100*float64(s.Records)/float64(s.expected))
	}
	if took := now.Sub(s.begun).Seconds(); took >= 1 {
		text += fmt.Sprintf(", %.0f a second", float64(s.Records)/took)
	}
	text += fmt.Sprintf(", %d requests", s.Requests)
	if left := s.wakes.Sub(now); left > 0 {
		text += fmt.Sprintf(", waits %s: %s", left.Round(time.Second), s.reason)
	}
	return text
}

// outcomes are those of all that sent requests or was read, the streams of the read first, in its
// order.
func (w *watch) outcomes(results []tap.Result) []Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Outcome
	left := maps.Clone(w.streams)
	for _, r := range results {
		s := w.of(r.Stream)
		s.Early, s.Err, s.Read = r.Early, r.Err, true
		all = append(all, s.Outcome)
		delete(left, r.Stream)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		all = append(all, left[name].Outcome)
	}
	return all
}
