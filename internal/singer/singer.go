package singer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/singer/streammap"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Command is one call of the tap.
type Command struct {
	Config   *config.Given
	Discover bool   // print the catalog
	Catalog  string // path of the catalog; empty: every stream is read
	State    string // path of the state; empty: none
	Test     string // "all": one record of each stream; "schema": only SCHEMA messages; empty: a whole read
	Level    slog.Level
	JSONLogs bool // print logs as JSON objects, one a line; else as plain lines
	Metrics  bool // print METRIC lines
	// Choice narrows a read.
	Choice frontend.Choice
	DryRun io.Writer // takes what would be asked for, in place of a read; nil: it is read
	// SkipUnsupported reads the others where the catalog selects streams that can not be read.
	SkipUnsupported bool
	// Done, if not nil, is told how each stream went.
	Done func([]frontend.Outcome)
	// Show, if not nil, shows streams that are under way; see frontend.Run.
	Show func(line func() string) (end func())
}

// Run carries out one command and returns its exit code, one of package frontend's. Messages go to
// stdout, logs to stderr.
func Run(ctx context.Context, c Command, connector *tap.Connector, stdout, stderr io.Writer, now func() time.Time) int {
	logs := &logOutput{w: stderr}
	r := &run{call: c, writer: frontend.NewWriter(stdout), fields: map[string]*fields{}, overrides: map[string]overrides{}, Run: frontend.Run{
		Connector: connector, Now: now, Log: slog.New(logs.handler(c)), Secrets: &logs.secrets, Maps: true,
		StateFile: c.State, Choice: c.Choice, DryRun: c.DryRun, Show: c.Show,
	}}
	r.Done = r.done
	if !c.Discover {
		r.CatalogFile = c.Catalog
	}
	if c.Metrics {
		r.Measure = func(m frontend.Measurement) { r.Log.Info(metric(m)) }
	}
	defer r.Close()
	err := r.do(ctx)
	switch {
	case errors.Is(err, tap.ErrInterrupted):
		r.Log.Warn(err.Error())
	case errors.Is(err, frontend.ErrClosed):
		r.Log.Warn(err.Error())
	case frontend.Unreported(err):
		r.Log.Log(ctx, levelCritical, err.Error())
	}
	return frontend.ExitCode(err)
}

// done tells how each stream went. An error comes last: some clients show the last line alone.
func (r *run) done(outcomes []frontend.Outcome) {
	if r.call.Done != nil {
		r.call.Done(outcomes)
	}
	if text := frontend.Failures(outcomes); text != "" && (r.call.Done != nil || len(outcomes) > 1) {
		r.Log.Log(context.Background(), levelCritical, text)
	}
}

// run is one command while it is carried out.
type run struct {
	frontend.Run
	call      Command
	writer    *frontend.Writer
	config    *config.Configuration
	maps      *streammap.Mapper    // nil: streams go out as they are
	fields    map[string]*fields   // by stream: those that the catalog keeps; nil: all
	overrides map[string]overrides // by stream: what the catalog says of keys
}

func (r *run) do(ctx context.Context) error {
	if err := r.LoadCatalog(r.readEntry); err != nil {
		return err
	}
	if err := r.SelectsSomething(); err != nil {
		return err
	}
	ctx, source, err := r.open(ctx)
	if err != nil {
		return err
	}
	streams, err := r.Streams(ctx, source)
	if err != nil {
		return err
	}
	if len(streams) == 0 && len(r.LeftOut) > 0 {
		return r.nothingRuns()
	}
	if r.call.Discover {
		return r.discover(ctx, streams)
	}
	return r.read(ctx, source, streams)
}

// open opens the source for the merged configuration.
func (r *run) open(ctx context.Context) (context.Context, *tap.Source, error) {
	var err error
	if r.config, err = r.call.Config.Read(func() (*tap.Spec, error) { return SpecOf(r.Connector) }); err != nil {
		return nil, nil, err
	}
	if r.maps, err = streammap.Read(r.config.Values); err != nil {
		return nil, nil, &tap.Error{Kind: tap.Config, Message: r.config.Name, Err: err}
	}
	return r.Open(ctx, r.config, tap.Environment{
		Discovering: r.call.Discover, ConfigChanged: r.config.Store, KeepConfig: r.config.Reserve, Report: r.report,
	})
}

// report tells an error that will be tried again.
func (r *run) report(stream string, err error) {
	r.Log.Error(err.Error(), "stream", stream)
}

// discover prints the catalog on many lines: Meltano can not read one long line.
func (r *run) discover(ctx context.Context, streams []*tap.Stream) error {
	d, err := r.Discover(ctx, streams, catalogEntry)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, value.Append(nil, d), "", "  "); err != nil {
		return err
	}
	if err := r.writer.Append(func(b []byte) []byte { return append(append(b, pretty.Bytes()...), '\n') }); err != nil {
		return err
	}
	return r.writer.Flush()
}

func (r *run) read(ctx context.Context, source *tap.Source, streams []*tap.Stream) error {
	file, err := r.LoadState()
	if err != nil {
		return err
	}
	whole, given, err := readState(r.StateFile, file)
	if err != nil {
		return err
	}
	k := newSink(r.writer, r.Log, r.Now, whole)
	k.maps = r.maps
	k.activate = value.Member[bool](r.config.Values, "emit_activate_version_messages")
	selected, err := r.selections(source, streams, given, k)
	if err != nil {
		return err
	}
	if r.call.Test == "" {
		return r.Read(ctx, source, selected, k)
	}
	return r.test(ctx, source, selected, k)
}

// test reads one record of each stream, or with "schema" writes only the schemas. Of a strict
// stream it reads the first page, on which more can be found wrong. One that the API refuses is
// only warned of, where another one answers.
func (r *run) test(ctx context.Context, source *tap.Source, selected []tap.Selection, k *sink) error {
	source.Settings.MaxRecords = 1
	var failed error
	refused := map[*tap.Stream]error{}
	for _, s := range selected {
		if r.call.Test != "schema" && !s.Stream.Strict {
			err := r.Read(ctx, source, []tap.Selection{s}, k)
			if err != nil && !errors.Is(err, frontend.ErrStreamsFailed) {
				return err
			}
			failed = errors.Join(failed, err)
			continue
		}
		err, outErr := r.testStream(ctx, s, k)
		switch {
		case outErr != nil:
			return outErr
		case ctx.Err() != nil:
			return tap.Stopped(ctx)
		case s.Stream.Strict && tap.RefusesStream(err):
			refused[s.Stream] = err
		case err != nil:
			failed = frontend.ErrStreamsFailed
			if err := k.End(s.Stream, err); err != nil {
				return err
			}
		}
	}
	return errors.Join(failed, r.endRefused(selected, refused, k))
}

// endRefused reports the streams of a test that the API refuses. It is an error if these are all.
func (r *run) endRefused(selected []tap.Selection, refused map[*tap.Stream]error, k *sink) error {
	var failed error
	for _, s := range selected {
		err := refused[s.Stream]
		switch {
		case err == nil:
		case len(refused) < len(selected):
			r.Log.Warn("the stream is not available: "+err.Error(), "stream", s.Stream.Name)
		default:
			failed = errors.Join(frontend.ErrStreamsFailed, k.End(s.Stream, err))
		}
	}
	return failed
}

// testStream writes the schema of a stream, and unless only that is wanted, the first record of its
// first page. There is no state: it would stand for the whole page. outErr is that of the output.
func (r *run) testStream(ctx context.Context, s tap.Selection, k *sink) (err, outErr error) {
	if s.Prepare != nil {
		if err := s.Prepare(ctx); err != nil {
			return err, nil
		}
	}
	if outErr := k.Begin(s.Stream); outErr != nil || r.call.Test == "schema" {
		return nil, outErr
	}
	written := 0
	_, err = tap.FirstPage(ctx, s.Stream, func(records []tap.Record) error {
		if written == 0 && len(records) > 0 {
			written, outErr = 1, k.Records(s.Stream, records[:1])
		}
		return outErr
	})
	if err == nil && written == 0 {
		r.Log.Warn("the stream has no records on its first page", "stream", s.Stream.Name)
	}
	if outErr == nil {
		outErr = r.writer.Flush()
	}
	return err, outErr
}

// selections are the streams to read. Each is made known to the sink with the schema and the fields
// that the catalog keeps. Without a catalog the schema is asked for as the stream begins, so that
// one which can not be found fails its stream alone.
func (r *run) selections(source *tap.Source, streams []*tap.Stream, given map[string]*value.Dict, k *sink) ([]tap.Selection, error) {
	wanted, missing, err := r.Wanted(streams)
	if err != nil {
		return nil, err
	}
	if err := r.missing(missing); err != nil {
		return nil, err
	}
	if wanted, err = r.mapped(wanted, streams); err != nil {
		return nil, err
	}
	var selected []tap.Selection
	for _, w := range wanted {
		keys, err := r.override(&w)
		if err != nil {
			return nil, err
		}
		if len(keys) == 0 {
			r.warnOfKey(w.Stream)
		}
		bookmark, err := r.Bookmark(source, w.Name, withoutVersion(given[w.Name]))
		if err != nil {
			return nil, err
		}
		if r.Choice.FullRefresh {
			delete(given, w.Name)
			k.state.set(w.Name, nil) // a run that is killed must not leave the old one
		}
		if w.FullRefresh && bookmark.Cursor != nil && !bookmark.Full {
			bookmark = &state.Bookmark{} // FULL_TABLE of a stream that was read incrementally
		}
		s := r.Choice.Selection(w, bookmark)
		if w.Stream.Inferred && r.fields[w.Name] == nil && frontend.IsOpen(w.Stream, w.Schema) {
			w.Schema = nil // it could not be inferred when the catalog was made
		}
		known := k.add(w, keys, r.fields[w.Name], given[w.Name])
		if w.Schema != nil {
			if err := k.makeOutputs(known); err != nil {
				return nil, err
			}
		} else {
			d := bookmark.Dict()
			goesOn := d != nil && d.Len() > 0
			s.Prepare = func(ctx context.Context) error { return k.prepare(ctx, known, goesOn) }
		}
		selected = append(selected, s)
	}
	return selected, nil
}

// prepare asks for the schema of a stream.
func (k *sink) prepare(ctx context.Context, st *sinkStream, goesOn bool) error {
	if goesOn {
		ctx = tap.WithGoingOn(ctx)
	}
	schema, err := st.stream.Schema(ctx)
	if err != nil {
		return err
	}
	st.schema = tableSchema(st.stream, schema)
	if err := k.makeOutputs(st); err != nil {
		st.schema = nil // nothing is to go out as it is
		return err
	}
	return nil
}

// warnOfKey says that a stream's key can not be told to the target.
func (r *run) warnOfKey(s *tap.Stream) {
	if len(s.PrimaryKey) == 0 || len(keyProperties(s)) > 0 {
		return
	}
	var names []string
	for _, path := range s.PrimaryKey {
		names = append(names, strings.Join(path, "."))
	}
	r.Log.Warn("a field of the primary key lies in an inner object, which Singer has no name for: the SCHEMA has no key_properties, and targets append; flatten makes a column of it",
		"stream", s.Name, "primary_key", strings.Join(names, ", "))
}
