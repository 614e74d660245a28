package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"anytap/internal/initialize"
	"anytap/internal/preview"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// shownRows is how many records init shows, and lookedAt how many it looks at.
const (
	shownRows = 5
	lookedAt  = 1000
)

// initAddress writes a configuration for the list at an address.
func (c *call) initAddress(ctx context.Context, given initFlags) error {
	out := c.initFiles(given)
	if err := out.CheckFree(); err != nil {
		return err
	}
	configuration, notes, err := initialize.RestConfig(given.request, given.stream)
	if err != nil {
		return usage("init: %v", err)
	}
	for _, note := range notes {
		fmt.Fprintln(c.stderr, note)
	}
	var failed error
	if !given.noCheck {
		if failed, err = c.lookAt(ctx, configuration); err != nil {
			return err
		}
	}
	spec, err := c.builtInSpec()
	if err != nil {
		return err
	}
	_, branch, err := systemOf(configuration, spec, "init")
	if err != nil {
		return err
	}
	connection := schemaOf(spec.Connection, branch, configuration, false)
	out.Schema, out.Comment = connection, "Run it: anytap "+arguments("", out.Config)
	if err := writeOut(&out, connection, initialize.Plain(configuration), configuration); err != nil {
		return err
	}
	c.tellWritten(out, "")
	if failed != nil {
		return fmt.Errorf("%s is not complete: %w", out.Config, failed)
	}
	return c.printSnippet(given.snippet, "rest", "", &tap.Spec{Connection: connection}, out)
}

// lookAt asks the API for a page or two, and completes the configuration by what came. failed says
// why the list can not be read to its end yet; err, that nothing came.
func (c *call) lookAt(ctx context.Context, configuration *value.Dict) (failed, err error) {
	l, err := c.firstPage(ctx, configuration)
	if err != nil {
		return nil, err
	}
	stream, _ := value.At(configuration, "streams", "0")
	s := stream.(*value.Dict)
	name := value.Member[string](s, "name")
	if len(l.rows) == 0 {
		if l.failed != nil {
			return nil, l.failed
		}
		fmt.Fprintln(c.stderr, "The list is empty now: keys and pages can not be found.")
		return nil, nil
	}
	found := initialize.Found{Rows: l.rows, Paging: l.paging, Failed: l.failed != nil}
	facts := found.Complete(s)
	fmt.Fprintf(c.stderr, "The first of %s:\n\n", name)
	var table preview.Table
	for _, row := range l.rows[:min(shownRows, len(l.rows))] {
		table.Add(row)
	}
	fmt.Fprintf(c.stderr, "%s\n", table.Append(nil, cmp.Or(widthOf(c.stderr), 100)))
	for _, fact := range facts {
		fmt.Fprintln(c.stderr, fact)
	}
	return l.failed, nil
}

// looked is a sink for the first records of a stream.
type looked struct {
	mu     sync.Mutex
	paging *tap.Paging // nil: it is not known yet
	rows   []*value.Dict
	failed error // how the stream ended
}

// errEnough ends the read once everything is known.
var errEnough = errors.New("enough was read")

// firstPage reads the first stream until it is known how its list is paged.
func (c *call) firstPage(ctx context.Context, configuration *value.Dict) (*looked, error) {
	now, err := c.clock()
	if err != nil {
		return nil, err
	}
	l := &looked{}
	log, secrets := c.logger(slog.LevelWarn)
	source, err := c.builtIn(c.transport).Open(ctx, configuration.Clone(), tap.Environment{
		Now: now, Log: log, ConfigFile: "the configuration for this address",
		Paged: func(_ string, p tap.Paging) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.paging = &p
		},
	})
	if err != nil {
		return nil, err
	}
	if source.Close != nil {
		defer source.Close() //nolint:errcheck // what it was opened for is done
	}
	secrets.Use(source.Hide)
	streams, err := source.Streams(ctx)
	if err != nil {
		return nil, err
	}
	settings := source.Settings
	settings.Source, settings.Log = source.Name, log
	_, err = tap.Read(ctx, []tap.Selection{{Stream: streams[0]}}, l, settings)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if l.failed != nil && source.Hide != nil {
		l.failed = errors.New(source.Hide(l.failed.Error()))
	}
	return l, nil
}

// Begin implements tap.Sink.
func (*looked) Begin(*tap.Stream) error { return nil }

// Records keeps copies of the first records.
func (l *looked) Records(_ *tap.Stream, records []tap.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paging != nil && len(l.rows) > 0 || len(l.rows) >= lookedAt {
		return errEnough
	}
	for _, r := range records {
		v, err := value.Decode(value.Append(nil, r.Data))
		if err != nil {
			return err
		}
		l.rows = append(l.rows, v.(*value.Dict))
	}
	return nil
}

// Checkpoint implements tap.Sink.
func (*looked) Checkpoint(*tap.Stream, *state.Bookmark) (int, error) { return 0, nil }

// End keeps the error of the stream.
func (l *looked) End(_ *tap.Stream, err error) error {
	l.failed = err
	return nil
}

var _ tap.Sink = (*looked)(nil)
