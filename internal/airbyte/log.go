package airbyte

import "log/slog"

// log prints a text as a LOG message. An output that is gone is the sink's to report.
func (o *output) log(level slog.Level, text string) error {
	text = o.text(text)
	_ = o.write(true, func(b []byte) []byte { return appendLog(b, levelName(level), text) })
	return nil
}

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
