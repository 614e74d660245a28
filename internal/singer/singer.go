// Package singer is the Singer protocol's front end: --discover, --catalog, --state, with the Meltano SDK's command line.
package singer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"anytap/internal/message"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Command is one call of the tap.
type Command struct {
	Config   []string // paths of configuration files, later over earlier; "ENV" reads variables
	Discover bool     // print the catalog
	Catalog  string   // path of the catalog; empty: every stream is read
	State    string   // path of the state; empty: none
	Test     string   // "all": one record of each stream; "schema": only SCHEMA messages; empty: a whole read
	Level    slog.Level
	// Streams limits a read without a catalog to these; empty: all.
	Streams []string
	// Done, if not nil, is told how each stream went.
	Done   func([]tap.Result)
	Lookup func(string) (string, bool) // reads a variable of the environment
}

// The exit codes of a command.
const (
	exitDone        = 0
	exitFailed      = 1
	exitInterrupted = 143 // as a shell tells a death by SIGTERM
	exitClosed      = 141 // as it tells one by SIGPIPE
)

// Run carries out one command and returns its exit code. Messages go to stdout, logs to stderr.
func Run(ctx context.Context, c Command, connector *tap.Connector, stdout, stderr io.Writer, now func() time.Time) int {
	logs := &logOutput{w: stderr}
	r := &run{Command: c, connector: connector, writer: message.NewWriter(stdout), now: now, logs: logs,
		log: slog.New(message.LogHandler{Level: c.Level, Print: logs.print})}
	err := r.do(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, message.ErrClosed):
		return exitClosed
	case errors.Is(err, tap.ErrInterrupted):
		r.log.Warn(err.Error())
		return exitInterrupted
	case errors.Is(err, errReported):
		return exitFailed
	}
	r.log.Log(ctx, levelCritical, err.Error())
	return exitFailed
}

type run struct {
	Command
	connector *tap.Connector
	writer    *message.Writer
	now       func() time.Time
	logs      *logOutput
	log       *slog.Logger
	config    *configuration
	catalog   []chosen // what the catalog selects, where one is given
}

// errReported says that the streams' errors have been logged already.
var errReported = errors.New("some streams failed")

func (r *run) do(ctx context.Context) error {
	if err := r.readCatalog(); err != nil {
		return err
	}
	source, err := r.open(ctx)
	if err != nil {
		return err
	}
	streams, err := r.supported(ctx, source)
	if err != nil {
		return err
	}
	if r.Discover {
		return r.discover(ctx, streams)
	}
	return r.read(ctx, source, streams)
}

func (r *run) open(ctx context.Context) (*tap.Source, error) {
	spec, err := r.connector.Spec()
	if err != nil {
		return nil, err
	}
	if r.config, err = readConfig(r.Config, spec, r.Lookup); err != nil {
		return nil, err
	}
	source, err := r.connector.Open(ctx, r.config.values.Clone(), tap.Environment{
		Now: r.now, Log: r.log, Discovering: r.Discover, ConfigFile: r.configName(), ConfigChanged: r.config.store, Waiting: r.waiting,
		Configured: r.configured, Report: r.report,
	})
	if err != nil {
		return nil, err
	}
	r.logs.redact.Store(message.NewRedactor(source.Secrets))
	return source, nil
}

func (r *run) configName() string {
	if len(r.config.files) == 0 {
		return "config"
	}
	return r.config.files[len(r.config.files)-1].path
}

func (r *run) waiting(stream, reason string, d time.Duration) {
	r.log.Info("waiting", "stream", stream, "for", d.Round(time.Second).String(), "reason", reason)
}

func (r *run) supported(ctx context.Context, source *tap.Source) ([]*tap.Stream, error) {
	all, err := source.Streams(ctx)
	if err != nil {
		return nil, err
	}
	var streams []*tap.Stream
	for _, s := range all {
		if s.Unsupported != nil {
			r.log.Warn("stream left out", "stream", s.Name, "reason", s.Unsupported.Error())
			continue
		}
		streams = append(streams, s)
	}
	return streams, nil
}

// discover prints the catalog over many lines: Meltano can not read one long line.
func (r *run) discover(ctx context.Context, streams []*tap.Stream) error {
	d, err := discoverCatalog(ctx, streams)
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
	whole, given, err := r.states()
	if err != nil {
		return err
	}
	k := newSink(r.writer, r.log, r.now, whole)
	k.activate, _ = boolean(r.config.values, "emit_activate_version_messages")
	selected, err := r.selections(ctx, source, streams, given, k)
	if err != nil {
		return err
	}
	settings := source.Settings
	settings.Source, settings.Now, settings.Log = source.Name, r.now, r.log
	if r.Test == "" {
		results, err := tap.Read(ctx, selected, k, settings)
		if r.Done != nil {
			r.Done(results)
		}
		return r.result(results, err)
	}
	return r.test(ctx, selected, k, settings)
}

func (r *run) result(results []tap.Result, err error) error {
	if err != nil {
		return err
	}
	for _, result := range results {
		if result.Err != nil {
			return errReported
		}
	}
	return nil
}

// test reads one record of each stream, or with "schema" writes only what they look like.
func (r *run) test(ctx context.Context, selected []tap.Selection, k *sink, settings tap.ReadSettings) error {
	settings.MaxRecords = 1
	var failed error
	for _, s := range selected {
		if r.Test == "schema" {
			if err := k.Begin(s.Stream); err != nil {
				return err
			}
			continue
		}
		if err := r.result(tap.Read(ctx, []tap.Selection{s}, k, settings)); err != nil {
			if !errors.Is(err, errReported) {
				return err
			}
			failed = err
		}
	}
	return failed
}

func (r *run) states() (*wholeState, map[string]*value.Dict, error) {
	if r.State == "" {
		return newState(), nil, nil
	}
	v, err := message.ReadFile(r.State, "state")
	if err != nil {
		return nil, nil, err
	}
	return readState(r.State, v)
}

// readCatalog reads the catalog, before the source is opened: some components depend on it.
func (r *run) readCatalog() error {
	if r.Catalog == "" || r.Discover {
		return nil
	}
	v, err := message.ReadFile(r.Catalog, "catalog")
	if err != nil {
		return err
	}
	r.catalog, err = readCatalog(r.Catalog, v)
	return err
}

// report logs an error that is not a stream's last word.
func (r *run) report(stream string, err error) {
	r.log.Error(err.Error(), "stream", stream)
}

// configured is the schema under which the catalog selects a stream; nil where it does not.
func (r *run) configured(stream string) *value.Dict {
	for _, c := range r.catalog {
		if c.id == stream {
			return c.schema
		}
	}
	return nil
}

// wanted is the catalog's selection, or every stream where none is given.
func (r *run) wanted(streams []*tap.Stream) []chosen {
	if r.Catalog != "" {
		return r.catalog
	}
	var all []chosen
	for _, s := range streams {
		if len(r.Streams) > 0 && !slices.Contains(r.Streams, s.Name) {
			continue
		}
		all = append(all, chosen{id: s.Name, fullRefresh: len(s.CursorField) == 0})
	}
	return all
}

func (r *run) selections(ctx context.Context, source *tap.Source, streams []*tap.Stream, given map[string]*value.Dict, k *sink) ([]tap.Selection, error) {
	byName := map[string]*tap.Stream{}
	for _, s := range streams {
		byName[s.Name] = s
	}
	var selected []tap.Selection
	for _, c := range r.wanted(streams) {
		s := byName[c.id]
		if s == nil {
			r.log.Warn("stream of the catalog is not known to this source", "stream", c.id)
			continue
		}
		if c.schema == nil {
			schema, err := s.Schema(ctx)
			if err != nil {
				return nil, err
			}
			c.schema = tableSchema(s, schema)
		}
		k.add(s, c, given[c.id])
		bookmark, err := state.Parse(withoutVersion(given[c.id]), source.Name, c.id)
		if err != nil {
			return nil, &tap.Error{Kind: tap.Config, Message: r.State, Err: err}
		}
		if c.fullRefresh {
			bookmark.Cursor = nil // FULL_TABLE of a stream that could be read incrementally
		}
		selected = append(selected, tap.Selection{Stream: s, Bookmark: bookmark, FullRefresh: c.fullRefresh})
	}
	return selected, nil
}

func withoutVersion(d *value.Dict) *value.Dict {
	if d == nil || d.Len() == 0 {
		return nil
	}
	d = d.Clone()
	d.Delete(memberVersion)
	return d
}

func boolean(d *value.Dict, key string) (on, ok bool) {
	v, _ := d.Get(key)
	on, ok = v.(bool)
	return on, ok
}

// LogLevel reads a level's name as Singer's clients set it: DEBUG, INFO, WARNING, ERROR, CRITICAL; anything else is INFO.
func LogLevel(name string) slog.Level {
	switch name {
	case "DEBUG", "debug":
		return slog.LevelDebug
	case "WARNING", "warning", "WARN", "warn":
		return slog.LevelWarn
	case "ERROR", "error":
		return slog.LevelError
	case "CRITICAL", "critical":
		return levelCritical
	}
	return slog.LevelInfo
}
