// Package airbyte is the Airbyte protocol's front end: spec, check, discover and read as messages on stdout.
package airbyte

import (
	"context"
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

// Command is one call of the connector.
type Command struct {
	Verb    string // spec, check, discover or read
	Config  string // path of the configuration; not needed by spec
	Catalog string // path of the configured catalog; empty: every stream is read
	State   string // path of the state; empty: none
	Debug   bool   // print DEBUG logs
	// Streams limits a read without a catalog to these; empty: all.
	Streams []string
	// Done, if not nil, is told how each stream went.
	Done func([]tap.Result)
}

// The exit codes of a command.
const (
	exitDone        = 0
	exitFailed      = 1
	exitInterrupted = 143 // as a shell tells a death by SIGTERM
	exitClosed      = 141 // as it tells one by SIGPIPE
)

// Run carries out one command and returns its exit code. All it has to say goes to stdout as messages.
func Run(ctx context.Context, c Command, connector *tap.Connector, stdout io.Writer, now func() time.Time) int {
	out := &output{writer: message.NewWriter(stdout), now: now}
	level := slog.LevelInfo
	if c.Debug {
		level = slog.LevelDebug
	}
	r := &run{Command: c, connector: connector, out: out, log: slog.New(message.LogHandler{Level: level, Print: out.log})}
	if c.Verb == "check" {
		return r.exit(r.check(ctx))
	}
	verbs := map[string]func(context.Context) error{"spec": r.spec, "discover": r.discover, "read": r.read}
	return r.exit(verbs[c.Verb](ctx))
}

type run struct {
	Command
	connector *tap.Connector
	out       *output
	log       *slog.Logger
	catalog   []configured // of a read that is given one
}

// errReported says that the streams' errors have been written already.
var errReported = errors.New("some streams failed")

func (r *run) exit(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, message.ErrClosed):
		return exitClosed
	case errors.Is(err, tap.ErrInterrupted):
		return exitInterrupted
	case errors.Is(err, errReported):
		return exitFailed
	}
	_ = r.out.fail(nil, err)
	return exitFailed
}

func (r *run) spec(context.Context) error {
	spec, err := r.connector.Spec()
	if err != nil {
		return err
	}
	d := value.NewDict(4)
	if spec.DocumentationURL != "" {
		d.Set("documentationUrl", spec.DocumentationURL)
	}
	d.Set("connectionSpecification", spec.Connection)
	if spec.AdvancedAuth != nil {
		d.Set("advanced_auth", spec.AdvancedAuth)
	}
	return r.out.write(true, func(b []byte) []byte { return line(b, "SPEC", "spec", d) })
}

// check writes exactly one status. What the user can mend is FAILED with exit
// code 0; a fault of the manifest or the program is an error.
func (r *run) check(ctx context.Context) error {
	source, err := r.open(ctx)
	var availability tap.Availability
	if err == nil {
		if availability, err = source.Check(ctx); err != nil && tap.KindOf(err) == tap.Config && ctx.Err() == nil {
			_ = r.out.fail(nil, err) // as the reference runtime: an error of the check itself is told twice
		}
	}
	if ctx.Err() != nil {
		return tap.ErrInterrupted
	}
	if err != nil {
		if tap.KindOf(err) != tap.Config {
			return err
		}
		availability = tap.Availability{Reason: err.Error()}
	}
	d := value.DictOf("status", "SUCCEEDED")
	if !availability.OK {
		d = value.DictOf("status", "FAILED", "message", r.out.text(availability.Reason))
	}
	return r.out.write(true, func(b []byte) []byte { return line(b, "CONNECTION_STATUS", "connectionStatus", d) })
}

func (r *run) discover(ctx context.Context) error {
	streams, err := r.streams(ctx)
	if err != nil {
		return err
	}
	d, err := catalog(ctx, streams)
	if err != nil {
		return err
	}
	return r.out.write(true, func(b []byte) []byte { return line(b, "CATALOG", "catalog", d) })
}

// streams are those that can be read; the others are warned of.
func (r *run) streams(ctx context.Context) ([]*tap.Stream, error) {
	source, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	return r.supported(ctx, source)
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

func (r *run) open(ctx context.Context) (*tap.Source, error) {
	v, err := message.ReadFile(r.Config, "config")
	if err != nil {
		return nil, err
	}
	config, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object", r.Config, value.TypeName(v))
	}
	source, err := r.connector.Open(ctx, config, tap.Environment{
		Now: r.out.now, Log: r.log, ConfigFile: r.Config, ConfigChanged: r.configChanged, Waiting: r.waiting, RateLimited: r.out.rateLimited,
		Configured: r.configured, Report: r.report,
	})
	if err != nil {
		return nil, err
	}
	r.out.hide(source.Secrets)
	return source, nil
}

// report writes an error that is not a stream's last word.
func (r *run) report(stream string, err error) {
	r.log.Warn("an error that is tried again", "stream", stream, "reason", err.Error())
	_ = r.out.fail(nil, err) // an output that is gone is the sink's to report
}

// configured is the schema that the client expects of a stream; nil where it does not ask for it.
func (r *run) configured(stream string) *value.Dict {
	for _, c := range r.catalog {
		if c.name == stream {
			return c.schema
		}
	}
	return nil
}

func (r *run) configChanged(config *value.Dict) error {
	return r.out.write(true, func(b []byte) []byte { return appendConfig(b, config, r.out.now()) })
}

func (r *run) waiting(stream, reason string, d time.Duration) {
	r.log.Info("waiting", "stream", stream, "for", d.Round(time.Second).String(), "reason", reason)
}

func (r *run) read(ctx context.Context) error {
	if err := r.readCatalog(); err != nil {
		return err
	}
	source, err := r.open(ctx)
	if err != nil {
		return err
	}
	selected, missing, err := r.selections(ctx, source)
	if err != nil {
		return err
	}
	settings := source.Settings
	settings.Source, settings.Now, settings.Log = source.Name, r.out.now, r.log
	results, err := tap.Read(ctx, selected, newSink(r.out), settings)
	if r.Done != nil {
		r.Done(results)
	}
	if err != nil {
		return err
	}
	for _, result := range results {
		if result.Err != nil {
			return errReported
		}
	}
	return r.incomplete(missing)
}

// incomplete ends the streams that the catalog asks for and the source does not have; it is no
// failure of the others, as the reference runtime sees it.
func (r *run) incomplete(names []string) error {
	for _, name := range names {
		s := &tap.Stream{Name: name}
		r.log.Warn("stream is not known to this source", "stream", name)
		if err := r.out.write(true, func(b []byte) []byte { return appendStatus(b, s, incomplete, r.out.now()) }); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) selections(ctx context.Context, source *tap.Source) (selected []tap.Selection, missing []string, err error) {
	streams, err := r.supported(ctx, source)
	if err != nil {
		return nil, nil, err
	}
	states, err := r.states()
	if err != nil {
		return nil, nil, err
	}
	byName := map[string]*tap.Stream{}
	for _, s := range streams {
		byName[s.Name] = s
	}
	for _, c := range r.wanted(streams) {
		s := byName[c.name]
		if s == nil {
			missing = append(missing, c.name)
			continue
		}
		bookmark, err := state.Parse(states[c.name], source.Name, c.name)
		if err != nil {
			return nil, nil, &tap.Error{Kind: tap.Config, Message: r.State, Err: err}
		}
		selected = append(selected, tap.Selection{Stream: s, Bookmark: bookmark, CursorField: c.cursorField,
			FullRefresh: c.fullRefresh || len(s.CursorField) == 0})
	}
	return selected, missing, nil
}

// readCatalog reads the configured catalog, before the source is opened: some components depend on it.
func (r *run) readCatalog() error {
	if r.Catalog == "" {
		return nil
	}
	v, err := message.ReadFile(r.Catalog, "catalog")
	if err != nil {
		return err
	}
	r.catalog, err = readCatalog(r.Catalog, v)
	return err
}

// wanted is the configured catalog, or every stream in its best mode where none is given.
func (r *run) wanted(streams []*tap.Stream) []configured {
	if r.Catalog != "" {
		return r.catalog
	}
	var all []configured
	for _, s := range streams {
		if len(r.Streams) > 0 && !slices.Contains(r.Streams, s.Name) {
			continue
		}
		all = append(all, configured{name: s.Name, fullRefresh: len(s.CursorField) == 0})
	}
	return all
}

func (r *run) states() (map[string]*value.Dict, error) {
	if r.State == "" {
		return nil, nil
	}
	v, err := message.ReadFile(r.State, "state")
	if err != nil {
		return nil, err
	}
	return readState(r.State, v)
}
