package singer

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"

	"anytap/internal/frontend"
	"anytap/internal/value"
)

// levelCritical is Singer's word for the error that ends a stream or a run.
const levelCritical = slog.LevelError + 4

// logOutput prints plain lines, as singer-python does: "LEVEL message key=value".
type logOutput struct {
	mu      sync.Mutex
	w       io.Writer
	secrets frontend.Secrets
	begun   []byte // a line of JSON that has not ended yet
}

// handler writes the logs of a command.
func (o *logOutput) handler(c Command) slog.Handler {
	if !c.JSONLogs {
		return frontend.LogHandler{Level: c.Level, Print: o.print}
	}
	return slog.NewJSONHandler(o, &slog.HandlerOptions{Level: c.Level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if level, ok := a.Value.Any().(slog.Level); ok && a.Key == slog.LevelKey {
			return slog.String(a.Key, levelName(level))
		}
		return a
	}})
}

// Logger logs to w as a run of the command does. secrets learns what it must not show.
func Logger(c Command, w io.Writer) (log *slog.Logger, secrets *frontend.Secrets) {
	o := &logOutput{w: w}
	return slog.New(o.handler(c)), &o.secrets
}

// Write writes lines of JSON without secrets. A line is held back until it is whole, so that none
// is missed of which a part comes later.
func (o *logOutput) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.begun = append(o.begun, text...)
	end := bytes.LastIndexByte(o.begun, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	_, err := io.WriteString(o.w, o.secrets.Hide(string(o.begun[:end])))
	o.begun = append(o.begun[:0], o.begun[end:]...)
	return len(text), err
}

// metric is a measurement as Singer's SDK logs it.
func metric(m frontend.Measurement) string {
	kind := "counter"
	if m.Timer {
		kind = "timer"
	}
	b := make([]byte, 0, 256)
	b = append(append(append(b, `METRIC: {"type":"`...), kind...), `","metric":"`...)
	b = append(append(b, m.Name...), `","value":`...)
	b = strconv.AppendFloat(b, m.Value, 'f', -1, 64)
	b = value.Append(append(b, `,"tags":{"stream":`...), m.Stream)
	if m.Endpoint != "" {
		b = value.Append(append(b, `,"endpoint":`...), m.Endpoint)
	}
	if m.Status != 0 {
		b = strconv.AppendInt(append(b, `,"http_status_code":`...), int64(m.Status), 10)
	}
	if m.Timer && m.Failed {
		b = append(b, `,"status":"failed"`...)
	} else if m.Timer {
		b = append(b, `,"status":"succeeded"`...)
	}
	b = strconv.AppendInt(append(b, `,"pid":`...), int64(os.Getpid()), 10)
	return string(append(b, "}}"...))
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
