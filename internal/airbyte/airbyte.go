package airbyte

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Command is one call of the connector.
type Command struct {
	Verb    string        // spec, check, discover or read
	Config  *config.Given // not needed by spec
	Catalog string        // path of the configured catalog; empty: every stream is read
	State   string        // path of the state; empty: none
	Level   slog.Level    // the lowest level of logs that is printed; zero: INFO
	// Choice narrows a read.
	Choice frontend.Choice
	DryRun io.Writer // takes what would be asked for, in place of a read; nil: it is read
	// Stderr is told why stdout can not be written to, which no message can tell, and that a check
	// failed, which its exit code does not tell; nil: nobody is.
	Stderr io.Writer
	// Done, if not nil, is told how each stream went.
	Done func([]frontend.Outcome)
	// Show, if not nil, shows streams that are under way; see frontend.Run.
	Show func(line func() string) (end func())
}

// Run carries out one command and returns its exit code, one of package frontend's. All it has to
// say goes to stdout as messages.
func Run(ctx context.Context, c Command, connector *tap.Connector, stdout io.Writer, now func() time.Time) int {
	out := &output{writer: frontend.NewWriter(stdout), now: now}
	r := &run{given: c.Config, out: out, stderr: c.Stderr, Run: frontend.Run{
		Connector: connector, Now: now, Log: slog.New(frontend.LogHandler{Level: c.Level, Print: out.log}), Secrets: &out.secrets,
		CatalogFile: c.Catalog, StateFile: c.State, Choice: c.Choice, DryRun: c.DryRun, Done: c.Done, Show: c.Show, Estimate: out.estimate,
	}}
	defer r.Close()
	verbs := map[string]func(context.Context) error{"spec": r.spec, "check": r.check, "discover": r.discover, "read": r.read}
	err := verbs[c.Verb](ctx)
	switch {
	case errors.Is(err, tap.ErrInterrupted):
		r.Log.Warn(err.Error())
	case frontend.Unreported(err):
		_ = out.fail(nil, err)
	}
	if failed := out.failed(); failed != nil && c.Stderr != nil {
		fmt.Fprintln(c.Stderr, frontend.OutputFailed(failed))
	}
	return frontend.ExitCode(err)
}

// run is one command while it is carried out.
type run struct {
	frontend.Run
	given  *config.Given
	config *config.Configuration
	out    *output
	stderr io.Writer // see Command
}

// spec writes the specification.
func (r *run) spec(context.Context) error {
	spec, err := r.Connector.Spec()
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

// check writes exactly one status. What the user can mend is FAILED, with exit code 0. A fault of
// the manifest or the program is an error.
func (r *run) check(ctx context.Context) error {
	bounded, source, err := r.open(ctx)
	var availability tap.Availability
	if err == nil {
		availability, err = source.Check(bounded)
		stopped := tap.Stopped(bounded)
		switch {
		case errors.Is(stopped, tap.ErrInterrupted):
			return stopped
		case stopped != nil:
			err = tap.Errorf(tap.Config, "the check did not end in time: %w", stopped)
		case err != nil && tap.KindOf(err) == tap.Config:
			_ = r.out.fail(nil, err) // the reference runtime reports an error of the check itself twice
		}
	}
	if err != nil {
		if tap.KindOf(err) != tap.Config {
			return err
		}
		availability = tap.Availability{Reason: err.Error()}
	}
	d := value.DictOf("status", "SUCCEEDED")
	if !availability.OK {
		reason := r.out.secrets.Hide(availability.Reason)
		d = value.DictOf("status", "FAILED", "message", reason)
		if r.stderr != nil {
			fmt.Fprintf(r.stderr, "CRITICAL the check has failed: %s\n", reason)
		}
	}
	return r.out.write(true, func(b []byte) []byte { return line(b, "CONNECTION_STATUS", "connectionStatus", d) })
}

// discover writes the catalog.
func (r *run) discover(ctx context.Context) error {
	ctx, source, err := r.open(ctx)
	if err != nil {
		return err
	}
	streams, err := r.Streams(ctx, source)
	if err != nil {
		return err
	}
	d, err := r.Discover(ctx, streams, catalogEntry)
	if err != nil {
		return err
	}
	return r.out.write(true, func(b []byte) []byte { return line(b, "CATALOG", "catalog", d) })
}

// read writes records and states of the streams that the catalog asks for.
func (r *run) read(ctx context.Context) error {
	if err := r.LoadCatalog(readConfigured); err != nil {
		return err
	}
	ctx, source, err := r.open(ctx)
	if err != nil {
		return err
	}
	schemas := map[string]*value.Dict{}
	selected, missing, err := r.selections(ctx, source, schemas)
	if err != nil {
		return err
	}
	if err := r.Read(ctx, source, selected, newSink(r.out, r.Log, schemas)); err != nil {
		return err
	}
	return r.incomplete(missing)
}

// open opens the source for the configuration.
func (r *run) open(ctx context.Context) (context.Context, *tap.Source, error) {
	var err error
	if r.config, err = r.given.Read(r.Connector.Spec); err != nil {
		return nil, nil, err
	}
	return r.Open(ctx, r.config, tap.Environment{
		ConfigChanged: r.configChanged, KeepConfig: r.keepConfig, RateLimited: r.out.rateLimited, Report: r.report,
	})
}

// report tells an error that will be tried again.
func (r *run) report(stream string, err error) {
	r.Log.Warn("an error that is tried again", "stream", stream, "reason", err.Error())
	_ = r.out.fail(nil, err) // the sink reports an output that fails
}

// configChanged hands a changed configuration to the platform, which stores it.
func (r *run) configChanged(changed *value.Dict) error {
	config := r.config.AsWritten(changed)
	return r.out.write(true, func(b []byte) []byte { return appendConfig(b, config, r.Now()) })
}

// keepConfig makes sure that stdout still takes messages.
func (r *run) keepConfig([]string) (free func(), err error) {
	return func() {}, r.out.write(true, func(b []byte) []byte { return b })
}

// selections are the streams to read. missing are the names that the source does not have. schemas
// takes what the catalog says of the records.
func (r *run) selections(ctx context.Context, source *tap.Source, schemas map[string]*value.Dict) (selected []tap.Selection, missing []string, err error) {
	streams, err := r.Streams(ctx, source)
	if err != nil {
		return nil, nil, err
	}
	file, err := r.LoadState()
	if err != nil {
		return nil, nil, err
	}
	states, err := readState(r.StateFile, file)
	if err != nil {
		return nil, nil, err
	}
	wanted, missing, err := r.Wanted(streams)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range wanted {
		bookmark, err := r.Bookmark(source, w.Name, states[w.Name])
		if err != nil {
			return nil, nil, err
		}
		schemas[w.Name] = w.Schema
		w.FullRefresh = w.FullRefresh || len(w.Stream.CursorField) == 0
		selected = append(selected, r.Choice.Selection(w, bookmark))
	}
	return selected, missing, nil
}

// incomplete ends the streams that the catalog asks for and the source does not have. As in the
// reference runtime the read has not failed for that.
func (r *run) incomplete(names []string) error {
	for _, name := range names {
		s := &tap.Stream{Name: name}
		r.Log.Warn("stream is not known to this source", "stream", name)
		if err := r.out.write(true, func(b []byte) []byte { return appendStatus(b, s, incomplete, r.Now()) }); err != nil {
			return err
		}
	}
	return nil
}
