package cli

import (
	"context"
	"os"
	"runtime/debug"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// The percentages of the garbage collector (see GOGC). A start leaves little garbage, and to look
// for it would take a third of the start of a large manifest: with 800 the first collection waits
// until 32 MB are in use. A read must stay small from its first page on.
const (
	percentAtStart = 800
	percentOfReads = 50
)

// setCollector sets the collector's percentage, unless the user has set GOGC.
func setCollector(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// collectForReads makes a connector set the collector for reads once its streams are known: then
// the start is over.
func collectForReads(connector *tap.Connector) *tap.Connector {
	open := connector.Open
	connector.Open = func(ctx context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
		source, err := open(ctx, config, e)
		if err != nil {
			return nil, err
		}
		streams := source.Streams
		source.Streams = func(ctx context.Context) ([]*tap.Stream, error) {
			defer setCollector(percentOfReads)
			return streams(ctx)
		}
		return source, nil
	}
	return connector
}
