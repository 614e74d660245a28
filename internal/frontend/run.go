package frontend

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"anytap/internal/config"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Run is one call of a connector while it is carried out.
type Run struct {
	Connector *tap.Connector
	Now       func() time.Time
	Log       *slog.Logger
	// Secrets learns what the source's configuration keeps secret.
	Secrets *Secrets

	CatalogFile string // path of the configured catalog; empty: every stream is read
	StateFile   string // path of the state; empty: none
	Choice      Choice // what of them is read
	// Maps says that the protocol reads the settings of stream maps. Where it does not, they are
	// warned of.
	Maps bool
	// Done is told how each stream of a read went; nil: nobody asks.
	Done func([]Outcome)
	// Measure is told figures of a read, by several goroutines at once; nil: nobody asks.
	Measure func(Measurement)
	// Estimate is told how many records a stream seems to have, each time by a quarter more than
	// before, by several goroutines at once; nil: nobody asks.
	Estimate func(stream string, records int64)
	// Show shows a stream that is under way, until end is called; line says how far it is, at any
	// time. nil: nothing is shown.
	Show func(line func() string) (end func())

	// LeftOut are the streams that Streams left out, with the reasons.
	LeftOut []*tap.Stream

	// DryRun takes what a read would ask for: then no request is sent, and nothing is read. nil: it
	// is a read.
	DryRun io.Writer

	dry     *dryRun
	catalog []Configured // what CatalogFile asks for; see LoadCatalog
	left    []string     // the streams that it has and does not ask for
	source  *tap.Source  // see Open
	stop    func()       // see Open
	watch   *watch       // see Open
}

// Open opens the source for a configuration. The protocol fills in e what is its own: who is told
// that the configuration changed, of errors and of rate limits. bounded is the context for all that
// is done with the source: it ends when the run may take no longer.
func (r *Run) Open(ctx context.Context, c *config.Configuration, e tap.Environment) (bounded context.Context, source *tap.Source, err error) {
	r.watch = newWatch(r)
	e.Now, e.Log, e.Configured, e.Waiting, e.Exchanged = r.Now, r.Log, r.schemaOf, r.watch.waits, r.watch.exchanged
	e.Expected, e.ConfigFile, e.Secrets = r.watch.expects, c.Name, c.Secrets
	if r.DryRun != nil {
		r.dry = &dryRun{to: r.DryRun}
		e.Asking = r.dry.asking
	}
	values, err := r.withoutMaps(c.Values)
	if err != nil {
		return nil, nil, err
	}
	if source, err = r.Connector.Open(ctx, values, e); err != nil {
		return nil, nil, err
	}
	r.Secrets.Use(source.Hide)
	r.source = source
	bounded, r.stop = source.Settings.Bounded(ctx)
	return bounded, source, nil
}

// Close frees what the source holds, if one was opened. An error is only logged: what the call was
// for is done.
func (r *Run) Close() {
	if r.stop != nil {
		r.stop()
	}
	if r.source == nil || r.source.Close == nil {
		return
	}
	if err := r.source.Close(); err != nil {
		r.Log.Debug("close the source", "reason", err.Error())
	}
}

// Streams are those of the source that can be read; the others are warned of.
func (r *Run) Streams(ctx context.Context, source *tap.Source) ([]*tap.Stream, error) {
	all, err := source.Streams(ctx)
	if r.dry != nil && errors.Is(err, tap.ErrNotSent) {
		return nil, r.dry.streams()
	}
	if err != nil {
		return nil, cmp.Or(tap.Stopped(ctx), err)
	}
	var streams []*tap.Stream
	for _, s := range all {
		if s.Unsupported != nil && !r.Choice.wants(s.Name) {
			continue
		}
		if s.Unsupported != nil {
			r.Log.Warn("stream left out", "stream", s.Name, "reason", s.Unsupported.Error())
			r.LeftOut = append(r.LeftOut, s)
			continue
		}
		streams = append(streams, s)
	}
	return streams, nil
}

// LoadState reads the state file; nil, as for a file that holds null, where the call was given
// none.
func (r *Run) LoadState() (any, error) {
	if r.StateFile == "" {
		return nil, nil
	}
	return config.ReadFile(r.StateFile, "state")
}

// Bookmark takes apart what the state file holds of a stream; d is nil where it holds nothing. A
// full refresh ignores it.
func (r *Run) Bookmark(source *tap.Source, stream string, d *value.Dict) (*state.Bookmark, error) {
	if r.Choice.FullRefresh && d != nil && d.Len() > 0 {
		r.Log.Info("the state is ignored: --full-refresh", "stream", stream)
		d = nil
	}
	b, err := state.Parse(d, source.Name, stream)
	if err != nil {
		return nil, &tap.Error{Kind: tap.Config, Message: r.StateFile, Err: err}
	}
	return b, nil
}

// Read reads the selected streams into the sink. It returns ErrStreamsFailed when some of them
// failed, which the sink was told of.
func (r *Run) Read(ctx context.Context, source *tap.Source, selected []tap.Selection, sink tap.Sink) error {
	if r.dry != nil {
		return r.dry.read(ctx, r, selected)
	}
	settings := source.Settings
	settings.Source, settings.Log = source.Name, r.Log
	r.watch.Sink = sink
	results, err := tap.Read(ctx, selected, r.watch, settings)
	if r.Done != nil {
		r.Done(r.watch.outcomes(results))
	}
	if err != nil {
		return err
	}
	for _, result := range results {
		if result.Err != nil {
			return ErrStreamsFailed
		}
	}
	return nil
}
