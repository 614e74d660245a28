package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"anytap/internal/airbyte"
	"anytap/internal/frontend"
	"anytap/internal/singer"
	"anytap/internal/tap"
)

// Program is what a build gives to the command line.
type Program struct {
	Version string // what the release is named; "dev": the module's version is shown
	Spec    []byte // spec.json: the specification of the built-in systems
}

// flags are the arguments of all calls.
type flags struct {
	config     []string
	catalog    string
	properties string
	state      string
	manifest   string
	protocol   string
	asOf       string
	format     string
	test       string
	discover   bool
	about      bool
	debug      bool
	version    bool
}

// call is one run of the program.
type call struct {
	Program
	flags
	stdout, stderr io.Writer
	code           int
}

// errUsage wraps what is wrong with the arguments.
var errUsage = errors.New("usage")

// Run carries out one call and returns its exit code. Nothing but protocol messages goes to stdout.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := &call{Program: p, stdout: stdout, stderr: stderr}
	root := c.root()
	root.SetArgs(args)
	err := completions(root)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err != nil {
		if errors.Is(err, syscall.EPIPE) {
			return frontend.ExitClosed
		}
		fmt.Fprintf(stderr, "CRITICAL %v\n", err)
		if errors.Is(err, errUsage) {
			return frontend.ExitUsage
		}
		if c.code == frontend.ExitDone {
			return frontend.ExitFailed
		}
	}
	return c.code
}

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

func (c *call) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "anytap",
		Short: "Read any paginated REST API into any Singer target or Airbyte destination",
		Long: `anytap reads Help Scout, JSONPlaceholder, Pullbay, any paginated REST API, or whatever an Airbyte low-code
manifest describes. Without a command it is a Singer tap; spec, check, discover and read speak Airbyte's protocol.`,
		Example: `  anytap demo                                        # everything, on the embedded sample APIs
  anytap --config config.json --discover > catalog.json
  anytap --config config.json --catalog catalog.json --state state.json | target-jsonl
  anytap read --config config.json --catalog configured_catalog.json
  anytap --manifest-path manifest.yaml --config config.json | target-jsonl`,
		Args:          func(_ *cobra.Command, args []string) error { return noArguments(args) },
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return c.checkFlags() },
		RunE:              func(cmd *cobra.Command, _ []string) error { return c.singer(cmd) },
	}
	root.SetOut(c.stdout) // before the completion command, which remembers it
	root.SetErr(c.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v (see anytap --help)", err) })
	c.sharedFlags(root)
	f := root.Flags()
	f.BoolVar(&c.discover, "discover", false, "print the catalog and exit")
	f.StringVar(&c.properties, "properties", "", "old name of --catalog")
	f.BoolVar(&c.about, "about", false, "describe the tap and its settings")
	f.StringVar(&c.format, "format", "text", "form of --about: text, json or markdown")
	f.StringVar(&c.test, "test", "", "read one record of each stream (all), or print only schemas (schema)")
	f.Lookup("test").NoOptDefVal = "all"
	f.BoolVar(&c.version, "version", false, "print the version")
	root.AddCommand(
		c.verb("spec", "Print the connector's specification", "anytap spec"),
		c.verb("check", "Try config and credentials", "anytap check --config config.json"),
		c.verb("discover", "Print the catalog of streams", "anytap discover --config config.json"),
		c.verb("read", "Read the configured streams; every stream when no catalog is given", "anytap read --config config.json --catalog configured_catalog.json --state state.json"),
		c.demoCommand(), c.checkManifestCommand(),
	)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Example = "  anytap help read"
		case "completion":
			cmd.Example = "  source <(anytap completion bash)"
			for _, shell := range cmd.Commands() {
				shell.Example = "  anytap completion " + shell.Name() + " > completion"
			}
		}
	}
	return root
}

// checkFlags refuses values that no command knows, before anything is printed.
func (c *call) checkFlags() error {
	for _, f := range []struct {
		name, value string
		known       []string
	}{
		{"protocol", c.protocol, []string{"", "singer", "airbyte"}},
		{"format", c.format, []string{"text", "json", "markdown"}},
		{"test", c.test, []string{"", "all", "schema", "disabled"}},
	} {
		if !slices.Contains(f.known, f.value) {
			return usage("--%s is %q, expected one of %s", f.name, f.value, strings.Join(slices.DeleteFunc(f.known, func(s string) bool { return s == "" }), ", "))
		}
	}
	return nil
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return usage("unknown command %q (see anytap --help)", args[0])
	}
	return nil
}

func (c *call) sharedFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringArrayVarP(&c.config, "config", "c", nil, "configuration file; may be repeated, ENV reads ANYTAP_… variables")
	f.StringVar(&c.catalog, "catalog", "", "catalog file: what to read")
	f.StringVar(&c.state, "state", "", "state file: where the last run ended")
	f.StringVar(&c.manifest, "manifest-path", "", "Airbyte low-code manifest to run in place of a built-in system")
	f.StringVar(&c.manifest, "manifest", "", "short for --manifest-path")
	f.StringVar(&c.protocol, "protocol", "", "singer or airbyte, whatever the form of the call implies")
	f.StringVar(&c.asOf, "as-of", "", "what the run takes as now (RFC 3339)")
	f.BoolVar(&c.debug, "debug", false, "print debug logs")
}

// verb is a command of Airbyte's protocol.
func (c *call) verb(name, short, example string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Example: "  " + example,
		Args: func(_ *cobra.Command, args []string) error { return noArguments(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.protocol == "singer" {
				c.discover = name == "discover"
				c.about = name == "spec"
				if name == "check" {
					c.test = "all"
				}
				return c.runSinger(cmd.Context())
			}
			return c.airbyte(cmd.Context(), name)
		},
	}
}

func (c *call) singer(cmd *cobra.Command) error {
	if c.version {
		_, err := fmt.Fprintf(c.stdout, "anytap v%s\n", c.versionText())
		return err
	}
	if cmd.Flags().NFlag() == 0 {
		fmt.Fprintln(c.stderr, cmd.UsageString())
		return usage("no command and no --config")
	}
	if c.protocol == "airbyte" {
		verb := "read"
		switch {
		case c.discover:
			verb = "discover"
		case c.about:
			verb = "spec"
		case c.test == "all":
			verb = "check"
		}
		return c.airbyte(cmd.Context(), verb)
	}
	return c.runSinger(cmd.Context())
}

func (c *call) runSinger(ctx context.Context) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	connector, err := c.connector()
	if err != nil {
		return err
	}
	if c.about {
		return singer.About(c.stdout, c.format, c.versionText(), connector)
	}
	if c.test == "disabled" {
		c.test = ""
	}
	if !c.discover {
		connector = collecting(connector)
	}
	catalog := c.catalog
	if catalog == "" {
		catalog = c.properties
	}
	level := singer.LogLevel(firstVariable("ANYTAP_LOGLEVEL", "LOGLEVEL"))
	if c.debug {
		level = singer.LogLevel("DEBUG")
	}
	c.code = singer.Run(ctx, singer.Command{Config: c.config, Discover: c.discover, Catalog: catalog, State: c.state,
		Test: c.test, Level: level, Lookup: os.LookupEnv}, connector, c.stdout, c.stderr, now)
	if c.code == 0 && !c.discover {
		frontend.Settle(ctx, c.stdout)
	}
	return nil
}

func (c *call) airbyte(ctx context.Context, verb string) error {
	if len(c.config) > 1 {
		return usage("%s takes one --config", verb)
	}
	if len(c.config) == 0 && verb != "spec" {
		return usage("%s needs --config, for example: anytap %s --config config.json", verb, verb)
	}
	now, err := c.clock()
	if err != nil {
		return err
	}
	connector, err := c.connector()
	if err != nil {
		connector = &tap.Connector{
			Spec: func() (*tap.Spec, error) { return nil, err },
			Open: failOpen(err),
		}
	}
	if verb == "read" {
		connector = collecting(connector)
	}
	config := ""
	if len(c.config) == 1 {
		config = c.config[0]
	}
	c.code = airbyte.Run(ctx, airbyte.Command{Verb: verb, Config: config, Catalog: c.catalog, State: c.state,
		Debug: c.debug || firstVariable("LOG_LEVEL") == "debug"}, connector, c.stdout, now)
	return nil
}

func firstVariable(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

// clock is the run's: real, or standing still at --as-of or ANYTAP_NOW so that a rerun reads the same windows.
func (c *call) clock() (func() time.Time, error) {
	text, from := c.asOf, "--as-of"
	if text == "" {
		text, from = os.Getenv("ANYTAP_NOW"), "ANYTAP_NOW"
	}
	if text == "" {
		return time.Now, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usage("%s is %q, expected a time such as 2026-01-31T08:00:00Z", from, text)
	}
	return func() time.Time { return at }, nil
}

func (p Program) versionText() string {
	if p.Version != "dev" {
		return p.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return p.Version
}
