package frontend

import (
	"context"
	"log/slog"
	"slices"
	"testing"
)

func TestLogHandlerMakesALineOfEachRecord(t *testing.T) {
	var got []string
	log := slog.New(LogHandler{Level: slog.LevelInfo, Print: func(level slog.Level, text string) error {
		got = append(got, level.String()+" "+text)
		return nil
	}})
	log.Debug("not shown")
	log.Info("begun", "stream", "posts", "pages", 3)
	log.With("stream", "posts").WithGroup("request").Error("failed", "status", 500)
	want := []string{"INFO begun stream=posts pages=3", "ERROR failed stream=posts status=500"}
	if !slices.Equal(got, want) {
		t.Errorf("printed %q, want %q", got, want)
	}
	if log.Enabled(context.Background(), slog.LevelDebug) {
		t.Error("a level below the least is enabled")
	}
}
