package singer

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"anytap/internal/frontend"
)

// levelCritical is Singer's word for the error that ends a stream or a run.
const levelCritical = slog.LevelError + 4

// logOutput prints plain lines, as singer-python does: "LEVEL message key=value".
type logOutput struct {
	mu      sync.Mutex
	w       io.Writer
	secrets frontend.Secrets
}

func (o *logOutput) print(level slog.Level, text string) error {
	line := strings.ReplaceAll(o.secrets.Hide(text), "\n", " ")
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

// LogLevel reads a level's name as Singer's clients set it: DEBUG, INFO, WARNING, ERROR, CRITICAL;
// anything else is INFO.
func LogLevel(name string) slog.Level {
	switch name {
	case "DEBUG", "debug":
		return slog.LevelDebug
	case "WARNING", "warning", "WARN", "warn":
		return slog.LevelWarn
	case "ERROR", "error":
		return slog.LevelError
	case "CRITICAL", "critical":
		return levelCritical
	}
	return slog.LevelInfo
}
