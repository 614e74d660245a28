package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/spelling"
	"anytap/internal/tap"
)

// Program is what a build gives to the command line.
type Program struct {
	Version string           // the name of the release; "dev": the version of the module is shown
	Spec    []byte           // spec.json: the specification of the built-in systems
	Now     func() time.Time // the clock, unless a run is given a time; nil: the machine's

	ending *ending // of the process; nil: a run ends as soon as its context does
}

// call is one run of the program.
type call struct {
	Program
	flags
	stdout, stderr io.Writer
	help           *keptError // stdout, for texts that cobra writes without a look at errors
	code           int        // the exit code

	configuration *config.Given // see given
	systems       bool          // connector chose the built-in systems
}

// given is what this call says of its configuration.
func (c *call) given() *config.Given {
	if c.configuration == nil {
		c.configuration = &config.Given{Files: c.config, Set: c.set, EnvFile: c.envFile, Lookup: os.LookupEnv}
	}
	return c.configuration
}

// keptError writes, and keeps the error of whoever does not look at it.
type keptError struct {
	to  io.Writer
	err error
}

// Write writes.
func (w *keptError) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	if err != nil {
		w.err = err
	}
	return n, err
}

// errUsage wraps what is wrong with the arguments.
var errUsage = errors.New("usage")

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// Run carries out one call and returns its exit code, one of package frontend's. Nothing but
// protocol messages goes to stdout.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if v := recover(); v != nil {
			tap.TellCrash(stderr, v)
			code = frontend.ExitFailed
		}
	}()
	c := &call{Program: p, stdout: stdout, stderr: stderr, help: &keptError{to: stdout}}
	root := c.root()
	root.SetArgs(args)
	err := c.addCompletions(root)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err == nil {
		err = c.help.err
	}
	switch {
	case err == nil:
		return c.code
	case errors.Is(err, syscall.EPIPE):
		fmt.Fprintln(stderr, frontend.OutputFailed(frontend.ErrClosed))
		return frontend.ExitClosed
	case ctx.Err() != nil: // nothing that ends so was read: a read says itself that it was interrupted
		fmt.Fprintln(stderr, "CRITICAL interrupted")
		return frontend.ExitInterrupted
	}
	fmt.Fprintf(stderr, "CRITICAL %v\n", err)
	switch {
	case errors.Is(err, errUsage):
		return frontend.ExitUsage
	case c.code == frontend.ExitDone:
		return frontend.ExitFailed
	}
	return c.code
}

// Command is the program's command with all below it, for documents that are made of it.
func Command() *cobra.Command {
	return (&call{help: &keptError{to: io.Discard}, stdout: io.Discard, stderr: io.Discard}).root()
}

// root is the command without a name, a Singer tap, with all others below it.
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
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.checkValues(); err != nil {
				return err
			}
			return c.readNetwork(cmd.Flags())
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return c.bare(cmd) },
	}
	root.SetOut(c.help) // before the completion command is made, which keeps it
	root.SetErr(c.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v%s (see anytap --help)", err, flagMeant(cmd, err))
	})
	c.addSharedFlags(root)
	c.addSingerFlags(root)
	root.AddCommand(
		c.verb("spec", "Print the connector's specification", "anytap spec"),
		c.verb("check", "Try config and credentials", "anytap check --config config.json"),
		c.verb("discover", "Print the catalog of streams", "anytap discover --config config.json"),
		c.verb("read", "Read the configured streams; every stream when no catalog is given", "anytap read --config config.json --catalog configured_catalog.json --state state.json"),
		c.previewCommand(),
		c.runCommand(),
		c.stateCommand(),
		c.demoCommand(),
		c.checkManifestCommand(),
		c.manifestCommand(),
		c.schemaCommand(),
		c.connectorsCommand(),
		c.initCommand(),
	)
	root.Args = noCommand
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	addExamples(root)
	return root
}

// addExamples gives cobra's own commands the examples that ours have.
func addExamples(root *cobra.Command) {
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
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return usage("unexpected argument %q (see anytap --help)", args[0])
	}
	return nil
}

// takes reports whether a command takes so many arguments: at least so many, and more where its use
// has an ellipsis.
func takes(use string, least, given int) bool {
	return given == least || given > least && strings.Contains(use, "…")
}

// noCommand refuses the name of a command that there is not.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, cmd := range cmd.Commands() {
		names = append(names, cmd.Name())
	}
	return usage("unknown command %q%s (see anytap --help)", args[0], spelling.DidYouMean(args[0], names))
}

// flagMeant ends a message about an unknown flag with the one that it probably means.
func flagMeant(cmd *cobra.Command, err error) string {
	_, name, unknown := strings.Cut(err.Error(), "unknown flag: --")
	if !unknown {
		return ""
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := spelling.Nearest(name, names); near != "" {
		return "; did you mean --" + near + "?"
	}
	return ""
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
