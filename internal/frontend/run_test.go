package frontend

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"anytap/internal/config"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func TestCloseFreesTheSourceThatWasOpened(t *testing.T) {
	closed := 0
	open := func(source *tap.Source, err error) *Run {
		return &Run{Log: slog.New(slog.DiscardHandler), Secrets: &Secrets{}, Connector: &tap.Connector{
			Open: func(context.Context, *value.Dict, tap.Environment) (*tap.Source, error) { return source, err },
		}}
	}
	for name, test := range map[string]struct {
		run  *Run
		want int
	}{
		"a source that holds something": {open(&tap.Source{Close: func() error { closed++; return errors.New("late") }}, nil), 1},
		"a source that holds nothing":   {open(&tap.Source{}, nil), 0},
		"a source that did not open":    {open(nil, errors.New("no token")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			closed = 0
			_, _, _ = test.run.Open(t.Context(), &config.Configuration{Values: value.NewDict(0)}, tap.Environment{})
			test.run.Close()
			if closed != test.want {
				t.Errorf("closed %d times, want %d", closed, test.want)
			}
		})
	}
}
