package cli

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"anytap/internal/airbyte"
	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/preview"
	"anytap/internal/sampleapi"
	"anytap/internal/singer"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// demoFlags are the arguments of the demo command.
type demoFlags struct {
	messages bool
	serve    bool
	faults   string
	ports    map[sampleapi.System]*int
	registry int // port
}

// demoCommand reads every stream of the built-in systems from the embedded sample APIs.
func (c *call) demoCommand() *cobra.Command {
	given := demoFlags{ports: map[sampleapi.System]*int{}}
	cmd := &cobra.Command{
		Use:   "demo [STREAM…]",
		Short: "Read the embedded sample APIs through HTTP: a few rows on a terminal, messages into a pipe, and a summary",
		Example: `  anytap demo                        # every stream
  anytap demo --protocol singer posts pullbay
  anytap demo --serve                # keep the sample APIs up and print their addresses`,
		RunE: func(cmd *cobra.Command, args []string) error {
			options, err := given.options()
			if err != nil {
				return err
			}
			setCollector(percentOfReads)
			server, err := sampleapi.Start(cmd.Context(), options)
			if err != nil {
				return err
			}
			defer server.Close()
			if given.serve {
				return c.serve(cmd.Context(), server)
			}
			return c.demo(cmd.Context(), server, args, isTerminal(c.stdout) && !given.messages)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&given.messages, "messages", false, "print messages on a terminal too, in place of a few rows")
	f.BoolVar(&given.serve, "serve", false, "keep the sample APIs up until interrupted")
	f.StringVar(&given.faults, "faults", "", "how the sample APIs misbehave, for example \"throttle=5; cut=7\":\n"+strings.TrimSpace(sampleapi.FaultHelp()))
	for _, system := range sampleapi.Systems() {
		given.ports[system] = f.Int(string(system)+"-port", 0, "port of the sample "+string(system)+" (0: any)")
	}
	f.IntVar(&given.registry, "registry-port", 0, "port of the sample registry of connectors (0: any)")
	return cmd
}

// options are those of the sample APIs: each system has its port and the same faults.
func (g demoFlags) options() (sampleapi.Options, error) {
	o := sampleapi.Options{Ports: map[sampleapi.System]int{}, Faults: map[sampleapi.System]sampleapi.Faults{}, Businesses: DemoBusinesses, RegistryPort: g.registry}
	for system, port := range g.ports {
		var f sampleapi.Faults
		if err := f.Parse(g.faults); err != nil {
			return o, usage("--faults: %v", err)
		}
		o.Ports[system], o.Faults[system] = *port, f
	}
	return o, nil
}

// demo reads the three systems one after the other, into messages or tables of a few rows. It
// writes a real configuration file of each and hands it to the front end.
func (c *call) demo(ctx context.Context, server *sampleapi.Running, names []string, tables bool) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	parts, err := c.demoParts(ctx, server, names)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "anytap-demo-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the system cleans its temporary folder
	var outcomes []frontend.Outcome
	for _, part := range parts {
		path := filepath.Join(folder, string(part.system)+".json")
		if err := os.WriteFile(path, value.Append(nil, part.config), 0o600); err != nil {
			return err
		}
		done := func(of []frontend.Outcome) {
			for _, o := range of {
				o.Stream = string(part.system) + "/" + o.Stream
				outcomes = append(outcomes, o)
			}
		}
		read := c.demoMessages
		if tables {
			read = c.demoTables
		}
		if code := read(ctx, path, part, done, now); code != 0 {
			c.code = code
		}
		if ctx.Err() != nil {
			break
		}
	}
	err = frontend.WriteOutcomes(c.stderr, outcomes)
	if tables && err == nil && c.code == frontend.ExitDone {
		_, err = io.WriteString(c.stderr, afterDemo)
	}
	return err
}

// afterDemo says what one may try after the tables.
const afterDemo = `
What to try next:
  anytap demo --messages --protocol singer posts | head   # what a Singer target gets
  anytap demo --serve                                     # keep the sample APIs up, with configurations for them
  anytap connectors search github                         # connectors for real systems
`

// demoPart is what a demo reads of one system.
type demoPart struct {
	system  sampleapi.System
	config  *value.Dict
	streams []string // empty: all
}

// demoParts finds the streams that the names stand for. A name that stands for none is an error.
func (p Program) demoParts(ctx context.Context, server *sampleapi.Running, names []string) ([]demoPart, error) {
	var parts []demoPart
	unknown := slices.Clone(names)
	for _, system := range sampleapi.Systems() {
		config := SampleConfig(server, system, DemoBusinesses)
		streams, err := p.streamNames(ctx, config)
		if err != nil {
			return nil, err
		}
		if wanted, any := wantedOf(system, streams, names); any {
			parts = append(parts, demoPart{system, config, wanted})
		}
		unknown = slices.DeleteFunc(unknown, func(name string) bool {
			_, any := wantedOf(system, streams, []string{name})
			return any
		})
	}
	if len(unknown) > 0 {
		return nil, usage("no sample stream is named %s", strings.Join(unknown, ", "))
	}
	return parts, nil
}

// streamNames are the names of a built-in system's streams.
func (p Program) streamNames(ctx context.Context, config *value.Dict) ([]string, error) {
	source, err := p.BuiltIn().Open(ctx, config.Clone(), tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), Discovering: true})
	if err != nil {
		return nil, err
	}
	streams, err := source.Streams(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range streams {
		names = append(names, s.Name)
	}
	return names, nil
}

// wantedOf picks those of a system's streams that the names stand for: "posts",
// "jsonplaceholder/posts", or "jsonplaceholder" for all streams of that system. any is false where
// none of them is wanted. An empty result with any stands for all streams; so do no names.
func wantedOf(system sampleapi.System, streams, names []string) (wanted []string, any bool) {
	for _, name := range names {
		if name == string(system) {
			return nil, true
		}
		name = strings.TrimPrefix(name, string(system)+"/")
		if slices.Contains(streams, name) {
			wanted = append(wanted, name)
		}
	}
	return wanted, len(names) == 0 || len(wanted) > 0
}

// demoMessages reads one system into messages, and returns the exit code.
func (c *call) demoMessages(ctx context.Context, path string, part demoPart, done func([]frontend.Outcome), now func() time.Time) int {
	given, choice := &config.Given{Files: []string{path}}, frontend.Choice{Streams: part.streams}
	if c.protocol == "singer" {
		return singer.Run(ctx, singer.Command{Config: given, Choice: choice, Done: done}, c.BuiltIn(), c.stdout, c.stderr, now)
	}
	return airbyte.Run(ctx, airbyte.Command{Verb: "read", Config: given, Choice: choice, Done: done, Stderr: c.stderr}, c.BuiltIn(), c.stdout, now)
}

// demoRows is how many rows of each stream a demo shows.
const demoRows = 3

// demoTables reads one system, shows a few rows of each stream, and returns the exit code.
func (c *call) demoTables(ctx context.Context, path string, part demoPart, done func([]frontend.Outcome), now func() time.Time) int {
	command := c.previewOf(frontend.Choice{Streams: part.streams}, demoRows)
	command.Config, command.Prefix, command.Done = &config.Given{Files: []string{path}}, string(part.system)+"/", done
	return preview.Run(ctx, command, c.BuiltIn(), c.stdout, now)
}
