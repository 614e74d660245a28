package airbyte

import (
	"log/slog"
	"sync"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
)

// output is stdout as all parts of a run share it: the sink writes records, the log and the waiting notices
// come from other goroutines, and each message is one whole line.
type output struct {
	mu      sync.Mutex
	writer  *frontend.Writer
	secrets frontend.Secrets
	now     func() time.Time
	ended   map[string]bool // streams whose last status is out
}

func (o *output) write(flush bool, f func([]byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.writer.Append(f)
	if err == nil && flush {
		err = o.writer.Flush()
	}
	return err
}

// rateLimited writes RUNNING with its reason; a stream that has ended gets no status any more.
func (o *output) rateLimited(stream string) {
	_ = o.write(true, func(b []byte) []byte { // an output that is gone is the sink's to report
		if o.ended[stream] {
			return b
		}
		return appendRateLimited(b, stream, o.now())
	})
}

// fail reports an error, about one stream or, with s nil, about the run.
func (o *output) fail(s *tap.Stream, err error) error {
	text := o.secrets.Hide(err.Error())
	return o.write(true, func(b []byte) []byte { return appendError(b, s, tap.KindOf(err), text, text, o.now()) })
}

// log prints a text as a LOG message. An output that is gone is the sink's to report.
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
