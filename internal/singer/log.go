package singer

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"anytap/internal/message"
)

// levelCritical is Singer's word for the error that ends a stream or a run.
const levelCritical = slog.LevelError + 4

// logOutput prints plain lines, as singer-python does: "LEVEL message key=value".
type logOutput struct {
	mu     sync.Mutex
	w      io.Writer
	redact atomic.Pointer[message.Redactor]
}

func (o *logOutput) print(level slog.Level, text string) error {
	line := strings.ReplaceAll(o.redact.Load().Text(text), "\n", " ")
	o.mu.Lock()
	defer o.mu.Unlock()
	_, err := fmt.Fprintf(o.w, "%s %s\n", levelName(level), line)
	return err
}

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
