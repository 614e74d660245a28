package airbyte

import (
	"log/slog"
	"sync"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
)

// output is stdout, which the parts of a run share: the sink writes records, while logs and
// statuses come from other goroutines. Each message is one whole line.
type output struct {
	mu      sync.Mutex
	writer  *frontend.Writer
	secrets frontend.Secrets
	now     func() time.Time
	ended   map[string]bool // streams whose last status was written
}

// write appends messages, and writes out all that were collected where flush is set.
func (o *output) write(flush bool, f func([]byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.writer.Append(f)
	if err == nil && flush {
		err = o.writer.Flush()
	}
	return err
}

// failed is the first error of stdout; nil: there was none.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writer.Flush()
}

// rateLimited writes RUNNING with its reason. A stream that has ended gets no further status.
func (o *output) rateLimited(stream string) {
	_ = o.write(true, func(b []byte) []byte { // the sink reports an output that fails
		if o.ended[stream] {
			return b
		}
		return appendRateLimited(b, stream, o.now())
	})
}

// estimate writes how many records a stream seems to have. The sink reports an output that fails.
func (o *output) estimate(stream string, records int64) {
	_ = o.write(true, func(b []byte) []byte { return appendEstimate(b, stream, records, o.now()) })
}

// fail reports an error of one stream or, where s is nil, of the run.
func (o *output) fail(s *tap.Stream, err error) error {
	text := o.secrets.Hide(err.Error())
	return o.write(true, func(b []byte) []byte { return appendError(b, s, tap.KindOf(err), text, text, o.now()) })
}

// log prints a text as a LOG message. The sink reports an output that fails.
func (o *output) log(level slog.Level, text string) error {
	text = o.secrets.Hide(text)
	_ = o.write(true, func(b []byte) []byte { return appendLog(b, levelName(level), text) })
	return nil
}

// levelName is the level as LOG messages have it.
func levelName(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return "ERROR"
	case l >= slog.LevelWarn:
		return "WARN"
	case l >= slog.LevelInfo:
		return "INFO"
	}
	return "DEBUG"
}
