package airbyte

import (
	"context"
	"log/slog"
	"strings"
)

// logHandler prints log records as LOG messages.
type logHandler struct {
	out    *output
	level  slog.Level
	prefix string // attributes given with With, ready to print
}

var _ slog.Handler = logHandler{}

// Enabled implements slog.Handler.
func (h logHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle implements slog.Handler. An output that is gone is the sink's to report.
func (h logHandler) Handle(_ context.Context, r slog.Record) error {
	var text strings.Builder
	text.WriteString(r.Message)
	text.WriteString(h.prefix)
	r.Attrs(func(a slog.Attr) bool {
		text.WriteString(attribute(a))
		return true
	})
	level, line := levelName(r.Level), h.out.text(text.String())
	_ = h.out.write(true, func(b []byte) []byte { return appendLog(b, level, line) })
	return nil
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
	case l >= slog.LevelError:
		return "ERROR"
	case l >= slog.LevelWarn:
		return "WARN"
	case l >= slog.LevelInfo:
		return "INFO"
	}
	return "DEBUG"
}
