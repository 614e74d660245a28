package cli

import (
	"context"
	"os"
	"runtime/debug"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// The garbage collector's percentages. A start leaves little garbage, and to look for it would take a third of the start of
// a large manifest: the first collection waits until 32 MB are in use. A read must stay small from its first page on.
const (
	percentAtStart = 800
	percentOfReads = 50
)

// collectAt sets the collector's percentage; a user's GOGC goes over it.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// collecting sets the collector for reading once the connector's streams are known.
func collecting(connector *tap.Connector) *tap.Connector {
	open := connector.Open
	connector.Open = func(ctx context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
		source, err := open(ctx, config, e)
		if err != nil {
			return nil, err
		}
		streams := source.Streams
		source.Streams = func(ctx context.Context) ([]*tap.Stream, error) {
			defer collectAt(percentOfReads)
			return streams(ctx)
		}
		return source, nil
	}
	return connector
}
