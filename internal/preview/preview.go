package preview

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Command is one look at streams.
type Command struct {
	Config *config.Given
	// Choice narrows the read; its Limit ends it.
	Choice frontend.Choice
	Rows   int    // of each stream that are shown
	JSON   bool   // a record a line, in place of tables
	Prefix string // stands before the names of streams, which are above the tables
	// Width is how many characters a line of a table has; 0: as many as it needs.
	Width int
	Log   *slog.Logger
	// Secrets learns what Log must not show.
	Secrets *frontend.Secrets
	// Done, if not nil, is told how each stream went.
	Done func([]frontend.Outcome)
}

// Run shows records on stdout, and returns the exit code of the call, one of package frontend's.
func Run(ctx context.Context, c Command, connector *tap.Connector, stdout io.Writer, now func() time.Time) int {
	r := frontend.Run{Connector: connector, Now: now, Log: c.Log, Secrets: c.Secrets, Choice: c.Choice, Done: c.Done}
	defer r.Close()
	err := read(ctx, &r, &c, stdout)
	switch {
	case errors.Is(err, tap.ErrInterrupted):
		r.Log.Warn("interrupted")
	case frontend.Unreported(err):
		r.Log.Error(err.Error())
	}
	return frontend.ExitCode(err)
}

func read(ctx context.Context, r *frontend.Run, c *Command, stdout io.Writer) error {
	given, err := c.Config.Read(r.Connector.Spec)
	if err != nil {
		return err
	}
	ctx, source, err := r.Open(ctx, given, tap.Environment{ConfigChanged: given.Store, KeepConfig: given.Reserve,
		Report: func(stream string, err error) { r.Log.Warn(err.Error(), "stream", stream) }})
	if err != nil {
		return err
	}
	streams, err := r.Streams(ctx, source)
	if err != nil {
		return err
	}
	wanted, _, err := r.Wanted(streams)
	if err != nil {
		return err
	}
	if c.Choice.Limit > 0 {
		source.Settings.Concurrency = 1 // slices at once would ask for pages that nobody sees
	}
	var selected []tap.Selection
	for _, w := range wanted {
		selected = append(selected, r.Choice.Selection(w, &state.Bookmark{}))
	}
	return r.Read(ctx, source, selected, &sink{Command: c, titles: len(selected) > 1 || c.Prefix != "", out: frontend.NewWriter(stdout), tables: map[string]*Table{}})
}

// sink collects the first records of each stream, and shows them at its end.
type sink struct {
	*Command
	titles bool // the name of its stream stands above each table
	out    *frontend.Writer
	tables map[string]*Table
}

var _ tap.Sink = (*sink)(nil)

// Begin implements tap.Sink.
func (k *sink) Begin(s *tap.Stream) error {
	k.tables[s.Name] = &Table{}
	return nil
}

// Records keeps as many records as are shown.
func (k *sink) Records(s *tap.Stream, records []tap.Record) error {
	t := k.tables[s.Name]
	for _, r := range records[:min(len(records), max(k.Rows-t.Rows(), 0))] {
		if k.JSON {
			if err := k.out.Append(func(b []byte) []byte { return append(value.Append(b, r.Data), '\n') }); err != nil {
				return err
			}
		}
		t.Add(r.Data)
	}
	return nil
}

// Checkpoint writes nothing: the next look begins anew.
func (k *sink) Checkpoint(*tap.Stream, *state.Bookmark) (int, error) { return 0, nil }

// End shows what came of the stream, also where it failed.
func (k *sink) End(s *tap.Stream, err error) error {
	t := k.tables[s.Name]
	if !k.JSON && t.Rows() > 0 {
		_ = k.out.Append(func(b []byte) []byte { return k.append(b, s, t) }) // Flush gives the error again
	}
	if err := k.out.Flush(); err != nil {
		return err
	}
	switch {
	case err != nil && tap.BudgetOf(err) == nil && !errors.Is(err, tap.ErrInterrupted):
		k.Log.Error(err.Error(), "stream", s.Name)
	case err == nil && t.Rows() == 0:
		k.Log.Warn("the stream has no records", "stream", s.Name)
	}
	return nil
}

// append appends a table.
func (k *sink) append(b []byte, s *tap.Stream, t *Table) []byte {
	if k.titles {
		b = append(append(append(b, k.Prefix...), s.Name...), '\n')
	}
	b = t.Append(b, k.Width)
	if k.titles {
		b = append(b, '\n')
	}
	return b
}
