package frontend

import (
	"context"
	"log/slog"
	"strings"
)

// LogHandler is a slog.Handler that makes one text of each record, "message key=value …". Groups are not shown.
type LogHandler struct {
	// Level is the least that is printed.
	Level slog.Level
	// Print writes a text; it is safe for concurrent use.
	Print func(level slog.Level, text string) error

	attributes string // given with With, ready to print
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
