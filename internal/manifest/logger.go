package manifest

import "log/slog"

// Logger is Log, or a logger that discards everything where there is none.
func (c *Compiler) Logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}
