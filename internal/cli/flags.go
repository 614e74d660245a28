package cli

import (
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"anytap/internal/files"
	"anytap/internal/frontend"
	"anytap/internal/rest/exchange"
	"anytap/internal/singer"
)

// flags are the arguments of all calls.
type flags struct {
	// Of every command:
	config        []string         // files, later over earlier; - is stdin, ENV reads ANYTAP_… variables
	set           []string         // NAME=VALUE: settings above those of the files
	envFile       string           // file of variables; empty: .env beside the configuration
	catalog       string           // file: what to read; empty: every stream
	state         string           // file: where the last run ended; empty: at the beginning
	manifest      string           // a low-code manifest to run: its file, name or address; empty: see connector
	manifestFiles string           // folder: where the manifest's files lie; empty: its own folder
	registry      string           // address that connectors come from by name; empty: see openRegistry
	lock          string           // file: which connectors are locked; empty: see lockPath
	offline       bool             // fetch no connector
	protocol      string           // singer or airbyte; empty: what the form of the call implies
	asOf          string           // the time that the run takes as now (RFC 3339); empty: the clock's
	debug         bool             // print debug logs
	quiet         bool             // print only warnings and errors
	logFormat     string           // of the logs on stderr: text or json
	network       exchange.Network // where requests may go, and how

	readFlags

	// Of the call without a command, a Singer tap:
	discover   bool   // print the catalog
	properties string // the old name of catalog
	about      bool   // describe the tap
	format     string // of about: text, json, markdown, config or meltano
	test       string // all: one record of each stream; schema: only schemas; disabled or empty: read everything
	version    bool   // print the version

	skipUnsupported bool // read the others where the catalog selects streams that can not be read
}

func (c *call) addSharedFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringArrayVarP(&c.config, "config", "c", nil, "configuration file in JSON or YAML; may be repeated, - is stdin, ENV reads ANYTAP_… variables")
	f.StringArrayVar(&c.set, "set", nil, "a setting above those of the files, NAME=VALUE, for example --set auth.key=abc; may be repeated")
	f.StringVar(&c.envFile, "env-file", "", "file of variables that the configuration may name as ${NAME}; .env beside it if not given")
	f.StringVar(&c.catalog, "catalog", "", "catalog file: what to read")
	f.StringVar(&c.state, "state", "", "state file: where the last run ended")
	f.StringVar(&c.manifest, "manifest-path", "", "Airbyte low-code manifest to run in place of a built-in system: a file, a connector's name (source-pokeapi, source-pokeapi@0.3.1), or an http(s) address")
	f.StringVar(&c.manifest, "manifest", "", "short for --manifest-path")
	f.StringVar(&c.manifestFiles, "manifest-files", "", "folder of the files that the manifest names, which reads no others; its own folder if not given")
	f.StringVar(&c.registry, "registry", "", "address of the registry that connectors come from by name (or ANYTAP_REGISTRY); Airbyte's if not given")
	f.StringVar(&c.lock, "lock", "", "file of the locked versions of connectors (or ANYTAP_LOCK); anytap.lock beside the configuration if not given")
	f.BoolVar(&c.offline, "offline", false, "fetch no connector: those that are locked or were fetched before have to do")
	f.StringVar(&c.protocol, "protocol", "", "singer or airbyte, whatever the form of the call implies")
	f.StringVar(&c.asOf, "as-of", "", "what the run takes as now (RFC 3339)")
	f.BoolVar(&c.debug, "debug", false, "print debug logs: each request, and what is decided")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print warnings and errors only")
	c.addNetworkFlags(f)
	f.StringVar(&c.logFormat, "log-format", "text", "form of the logs on stderr: text or json")
}

func (c *call) addSingerFlags(root *cobra.Command) {
	f := root.Flags()
	f.BoolVar(&c.discover, "discover", false, "print the catalog and exit")
	f.StringVar(&c.properties, "properties", "", "old name of --catalog")
	f.BoolVar(&c.about, "about", false, "describe the tap and its settings")
	f.StringVar(&c.format, "format", "text", "form of --about: text, json, markdown, config (to be filled in) or meltano (a plugin)")
	f.StringVar(&c.test, "test", "", "read one record of each stream (all), or print only schemas (schema)")
	f.Lookup("test").NoOptDefVal = "all"
	f.BoolVar(&c.skipUnsupported, "skip-unsupported", false, "read the others where the catalog selects streams that can not be read")
	f.BoolVar(&c.version, "version", false, "print the version")
	c.addReadFlags(f)
}

// choice is a flag that takes one of a few values.
type choice struct {
	flag    string
	value   func(*flags) string
	offered []string // shells complete these
	known   []string // these are accepted as well
	empty   bool     // so is no value at all
}

var choices = []choice{
	{flag: "protocol", value: func(f *flags) string { return f.protocol }, offered: []string{"singer", "airbyte"}, empty: true},
	{flag: "format", value: func(f *flags) string { return f.format }, offered: []string{"text", "json", "markdown", "config", "meltano"}},
	{flag: "log-format", value: func(f *flags) string { return f.logFormat }, offered: []string{"text", "json"}, empty: true},
	{flag: "test", value: func(f *flags) string { return f.test }, offered: []string{"all", "schema"}, known: []string{"disabled"}, empty: true},
}

// checkValues refuses values that no command knows, before anything is printed.
func (f *flags) checkValues() error {
	for _, c := range choices {
		v, known := c.value(f), slices.Concat(c.offered, c.known)
		if !slices.Contains(known, v) && (v != "" || !c.empty) {
			return usage("--%s is %q, expected one of %s", c.flag, v, strings.Join(known, ", "))
		}
	}
	return f.checkStdin()
}

// checkStdin refuses to read the standard input for two files: it can be read once.
func (f *flags) checkStdin() error {
	read := 0
	for _, path := range append(slices.Clip(f.config), f.catalog, f.properties, f.state, f.manifest, f.envFile) {
		if path == files.Stdin {
			read++
		}
	}
	if read > 1 {
		return usage("- is given for %d files, but the standard input can be one of them only", read)
	}
	return nil
}

// clock is the run's: the real one, or one that stands still at --as-of or ANYTAP_NOW, so that a
// second run reads the same windows.
func (c *call) clock() (func() time.Time, error) {
	text, from := c.asOf, "--as-of"
	if text == "" {
		text, from = os.Getenv("ANYTAP_NOW"), "ANYTAP_NOW"
	}
	switch {
	case text == "" && c.Now != nil:
		return c.Now, nil
	case text == "":
		return time.Now, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usage("%s is %q, expected a time such as 2026-01-31T08:00:00Z", from, text)
	}
	return func() time.Time { return at }, nil
}

// level is the lowest level of logs that is printed; usual is the one without --debug and --quiet.
func (c *call) level(usual slog.Level) slog.Level {
	switch {
	case c.debug:
		return slog.LevelDebug
	case c.quiet:
		return max(usual, slog.LevelWarn)
	}
	return usual
}

// logger writes to stderr what is said outside of a protocol. secrets learns what it must not show.
func (c *call) logger(usual slog.Level) (log *slog.Logger, secrets *frontend.Secrets) {
	return singer.Logger(singer.Command{Level: c.level(usual), JSONLogs: c.logFormat == "json"}, c.stderr)
}

// firstVariable is the first variable of the environment that is set; empty: none is.
func firstVariable(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}
