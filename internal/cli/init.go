package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"anytap/internal/components"
	"anytap/internal/config"
	"anytap/internal/initialize"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/streams"
)

// initFlags are the arguments of the command init.
type initFlags struct {
	request initialize.Request
	stream  string // name of the stream of an address
	noCheck bool
	force   bool
	snippet string // meltano or docker; empty: none
}

// initCommand writes a first configuration.
func (c *call) initCommand() *cobra.Command {
	var given initFlags
	cmd := &cobra.Command{
		Use:   "init CONNECTOR | ADDRESS | curl …",
		Short: "Write a first configuration, for a connector, a built-in system, or the address of any list",
		Long: `init writes a configuration (config.yaml, or the file of --config), a file .env with its secrets, and a schema
for editors. Of a connector or manifest it asks for what the specification needs, other than what --set
gives, and tries it. Of the address of a list it asks the API, and finds out where the records are, what
identifies them, and how the list is paged.`,
		Example: `  anytap init source-pokeapi --set pokemon_name=ditto
  anytap init manifest.yaml
  anytap init https://api.example.com/v1/orders -H 'Authorization: Bearer …'
  anytap init curl 'https://api.example.com/v1/orders?per_page=50' -u user:password`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.initialize(cmd.Context(), given, args) },
	}
	f := cmd.Flags()
	f.StringVar(&given.stream, "stream", "", "name of the stream of an address; the last word of its path if not given")
	f.BoolVar(&given.noCheck, "no-check", false, "write what is given, without trying it")
	f.BoolVar(&given.force, "force", false, "replace a configuration that is there")
	f.StringVar(&given.snippet, "snippet", "", "print what else to write down on stdout: meltano or docker")
	r := &given.request
	f.StringArrayVarP(&r.Headers, "header", "H", nil, "header of a request to an address, 'Name: value'")
	f.StringVarP(&r.Method, "request", "X", "", "method of the request")
	f.StringArrayVarP(&r.Data, "data", "d", nil, "body of the request, or @FILE")
	for _, name := range []string{"data-raw", "data-binary", "data-ascii"} {
		f.StringArrayVar(&r.Data, name, nil, "as --data")
	}
	f.StringArrayVar(&r.URLEncoded, "data-urlencode", nil, "NAME=VALUE of the body, whose value is escaped")
	f.StringArrayVar(&r.JSON, "json", nil, "body of the request in JSON")
	f.StringVarP(&r.User, "user", "u", "", "user:password")
	f.StringVarP(&r.Cookie, "cookie", "b", "", "cookies")
	f.BoolVarP(&r.AsQuery, "get", "G", false, "send the data in the address")
	f.StringVar(&r.Address, "url", "", "the address")
	addIdleCurlFlags(cmd)
	return cmd
}

// addIdleCurlFlags adds those flags of curl that change nothing here, so that a line for curl can
// be pasted as it is.
func addIdleCurlFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	for _, name := range []string{"silent/s", "show-error/S", "location/L", "include/i", "verbose/v", "globoff/g", "fail/f", "compressed", "http1.1", "http2", "no-buffer/N", "ipv4/4"} {
		long, short, _ := strings.Cut(name, "/")
		f.BoolP(long, short, false, "")
		_ = f.MarkHidden(long) // it is there
	}
	for _, name := range []string{"user-agent/A", "referer/e", "max-time/m", "connect-timeout", "output/o", "write-out/w"} {
		long, short, _ := strings.Cut(name, "/")
		f.StringP(long, short, "", "")
		_ = f.MarkHidden(long) // it is there
	}
}

func (c *call) initialize(ctx context.Context, given initFlags, args []string) error {
	curl := len(args) > 0 && args[0] == "curl"
	if curl {
		args = args[1:]
	}
	if given.request.Address != "" {
		args = append(args, given.request.Address)
	}
	switch {
	case len(args) == 1 && strings.HasPrefix(args[0], "curl "):
		return usage("init: paste the line for curl without quotes around all of it: anytap init curl …")
	case len(args) != 1:
		return usage("init takes one connector or address, for example: anytap init source-pokeapi, or anytap init https://api.example.com/orders (got %d)", len(args))
	case given.snippet != "" && given.snippet != "meltano" && given.snippet != "docker":
		return usage("--snippet is %q, expected one of meltano, docker", given.snippet)
	case len(c.config) > 1:
		return usage("init writes one configuration: give --config once")
	}
	target := args[0]
	ending := strings.ToLower(filepath.Ext(target))
	if curl || strings.Contains(target, "://") && ending != ".yaml" && ending != ".yml" {
		given.request.Address = target
		return c.initAddress(ctx, given)
	}
	return c.initConnector(ctx, given, target)
}

// initFiles are the files that init writes.
func (c *call) initFiles(given initFlags) initialize.Files {
	f := initialize.Files{Config: "config.yaml", Replace: given.force}
	if len(c.config) > 0 {
		f.Config = c.config[0]
	}
	return f
}

// initConnector writes a configuration for a manifest or a built-in system.
func (c *call) initConnector(ctx context.Context, given initFlags, target string) error {
	out := c.initFiles(given)
	if err := out.CheckFree(); err != nil {
		return err
	}
	connector, spec, named, err := c.initTarget(ctx, target)
	if err != nil {
		return err
	}
	configuration, err := c.fillIn(ctx, spec, out)
	if err != nil {
		return err
	}
	values := configuration.Values
	if !given.noCheck {
		if values, err = c.tryOut(ctx, connector, configuration); err != nil {
			return err
		}
	}
	out.Schema, out.Comment, out.Further = spec.Connection, "Run it: anytap "+arguments(named, out.Config), initialize.Further(spec.Connection, values)
	if err := writeOut(&out, spec.Connection, configuration.AsWritten(values), values); err != nil {
		return err
	}
	c.tellWritten(out, named)
	return c.printSnippet(given.snippet, target, named, spec, out)
}

// writeOut writes a configuration with its secrets apart.
func writeOut(out *initialize.Files, connection, written, values *value.Dict) error {
	taken, err := initialize.Variables(out.VariablesFile())
	if err != nil {
		return err
	}
	out.Values, out.Variables = initialize.Hidden(components.SecretSchema(connection, values), written, values, taken)
	return out.Write()
}

// initTarget finds the connector that init is for. named is what a run needs to name beside the
// configuration; empty: nothing.
func (c *call) initTarget(ctx context.Context, target string) (connector *tap.Connector, spec *tap.Spec, named string, err error) {
	if _, _, ok := streams.Manifest(target); ok || target == "rest" {
		if target == "rest" {
			return nil, nil, "", usage("init rest: give the address of a list in place of rest, for example: anytap init https://api.example.com/orders")
		}
		all, err := c.builtInSpec()
		if err != nil {
			return nil, nil, "", err
		}
		c.set = append([]string{"source=" + target}, c.set...)
		system, branch, err := systemOf(value.DictOf("source", target), all, "init")
		if err != nil {
			return nil, nil, "", err
		}
		return c.builtIn(c.transport), &tap.Spec{Connection: schemaOf(all.Connection, branch, value.DictOf("source", system), false)}, "", nil
	}
	path, err := c.manifestFile(ctx, target)
	if err != nil {
		return nil, nil, "", err
	}
	connector = c.manifestConnector(path)
	spec, err = connector.Spec()
	return connector, spec, target, err
}

// fillIn asks for what the specification needs beyond --set.
func (c *call) fillIn(ctx context.Context, spec *tap.Spec, out initialize.Files) (*config.Configuration, error) {
	form := initialize.Form{Ask: c.asker(ctx)}
	sets, envFile := c.set, c.envFile
	if envFile == "" && fileExists(out.VariablesFile()) {
		envFile = out.VariablesFile()
	}
	for {
		g := &config.Given{Set: sets, EnvFile: envFile, Lookup: os.LookupEnv}
		filled, err := g.Read(func() (*tap.Spec, error) { return spec, nil })
		if err != nil {
			return nil, err
		}
		more, missing, err := form.Fill(spec.Connection, filled.Values)
		switch {
		case err != nil:
			return nil, err
		case len(missing) > 0:
			return nil, missingSettings(missing)
		case len(more) == 0:
			return filled, nil
		}
		sets = append(sets[:len(sets):len(sets)], more...)
	}
}

// missingSettings says what a call without a terminal has to be given.
func missingSettings(missing []initialize.Question) error {
	var all []string
	for _, q := range missing {
		text := "  --set " + q.Name + "=…"
		if about := cmp.Or(q.Title, firstSentence(q.Description)); about != "" {
			text += "  " + about
		}
		var choices []string
		for _, choice := range q.Choices {
			choices = append(choices, choice.Value)
		}
		if len(choices) > 0 {
			text += " (one of " + strings.Join(choices, ", ") + ")"
		}
		all = append(all, text)
	}
	return usage("these settings are missing, and there is no terminal to ask on:\n%s", strings.Join(all, "\n"))
}

func firstSentence(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	before, _, found := strings.Cut(text, ". ")
	if found {
		return before + "."
	}
	return text
}

// tryOut checks a configuration. It gives the values as they are then: a check may have changed a
// token.
func (c *call) tryOut(ctx context.Context, connector *tap.Connector, configuration *config.Configuration) (*value.Dict, error) {
	now, err := c.clock()
	if err != nil {
		return nil, err
	}
	values := configuration.Values
	log, secrets := c.logger(slog.LevelWarn)
	source, err := connector.Open(ctx, values.Clone(), tap.Environment{
		Now: now, Log: log, ConfigFile: "the configuration", Secrets: configuration.Secrets,
		ConfigChanged: func(changed *value.Dict) error { values = changed.Clone(); return nil },
	})
	if err != nil {
		return nil, err
	}
	if source.Close != nil {
		defer source.Close() //nolint:errcheck // what it was opened for is done
	}
	secrets.Use(source.Hide)
	fmt.Fprintln(c.stderr, "Trying it …")
	found, err := source.Check(ctx)
	if err == nil && !found.OK {
		err = errors.New(found.Reason)
	}
	if err != nil {
		return nil, fmt.Errorf("the check failed, and nothing was written (--no-check writes without trying): %s", secrets.Hide(err.Error()))
	}
	fmt.Fprintln(c.stderr, "The check succeeded.")
	return values, nil
}

// arguments are those of a run with a configuration.
func arguments(named, file string) string {
	if named != "" {
		return "--manifest-path " + named + " --config " + file
	}
	return "--config " + file
}

// tellWritten says what was written and what to do next.
func (c *call) tellWritten(out initialize.Files, named string) {
	fmt.Fprintf(c.stderr, "\nWrote %s", out.Config)
	if len(out.Variables) > 0 {
		fmt.Fprintf(c.stderr, ", and its secrets into %s, which belongs in no repository", out.VariablesFile())
	}
	given := arguments(named, out.Config)
	fmt.Fprintf(c.stderr, ".\nNext:\n  anytap preview '*' %s\n  anytap run %s --state-file state.json --target target-jsonl\n", given, given)
}
