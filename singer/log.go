package singer

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"anytap/message"
)

// levelCritical is Singer's word for the error that ends a stream or a run.
const levelCritical = slog.LevelError + 4

// logHandler prints log records as plain lines, as singer-python does: "LEVEL message key=value".
type logHandler struct {
	out    *logOutput
	level  slog.Level
	prefix string
}

type logOutput struct {
	mu     sync.Mutex
	w      io.Writer
	redact atomic.Pointer[message.Redactor]
}

var _ slog.Handler = logHandler{}

// Enabled implements slog.Handler.
func (h logHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle implements slog.Handler.
func (h logHandler) Handle(_ context.Context, r slog.Record) error {
	var text strings.Builder
	text.WriteString(r.Message)
	text.WriteString(h.prefix)
	r.Attrs(func(a slog.Attr) bool {
		text.WriteString(attribute(a))
		return true
	})
	line := strings.ReplaceAll(h.out.redact.Load().Text(text.String()), "\n", " ")
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	_, err := fmt.Fprintf(h.out.w, "%s %s\n", levelName(r.Level), line)
	return err
}

// WithAttrs implements slog.Handler.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		h.prefix += attribute(a)
	}
	return h
}

// WithGroup implements slog.Handler; groups are not shown.
func (h logHandler) WithGroup(string) slog.Handler { return h }

func attribute(a slog.Attr) string { return " " + a.Key + "=" + a.Value.String() }

func levelName(l slog.Level) string {
	switch {
	case l >= levelCritical:
		return "CRITICAL"
	case l >= slog.LevelError:
		return "ERROR"
	case l >= slog.LevelWarn:
		return "WARNING"
	case l >= slog.LevelInfo:
		return "INFO"
	}
	return "DEBUG"
}
