package frontend

import (
	"context"
	"log/slog"
	"strings"
)

// LogHandler is a slog.Handler that makes a line of each log record, "message key=value …". It does
// not show groups.
type LogHandler struct {
	// Level is the lowest level that is printed.
	Level slog.Level
	// Print writes a line, to which it adds the level in the protocol's own words. It must be safe
	// for concurrent use.
	Print func(level slog.Level, text string) error

	attributes string // those of With, ready to print
}

var _ slog.Handler = LogHandler{}

// Enabled implements slog.Handler.
func (h LogHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.Level }

// Handle implements slog.Handler.
func (h LogHandler) Handle(_ context.Context, r slog.Record) error {
	var text strings.Builder
	text.WriteString(r.Message)
	text.WriteString(h.attributes)
	r.Attrs(func(a slog.Attr) bool {
		text.WriteString(attribute(a))
		return true
	})
	return h.Print(r.Level, text.String())
}

// WithAttrs implements slog.Handler.
func (h LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		h.attributes += attribute(a)
	}
	return h
}

// WithGroup implements slog.Handler.
func (h LogHandler) WithGroup(string) slog.Handler { return h }

func attribute(a slog.Attr) string { return " " + a.Key + "=" + a.Value.String() }
