package cli

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"anytap/internal/airbyte"
	"anytap/internal/frontend"
	"anytap/internal/singer"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// verb is a command of Airbyte's protocol. With --protocol singer it does what Singer has in its
// place.
func (c *call) verb(name, short, example string) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short, Example: "  " + example,
		Args: func(_ *cobra.Command, args []string) error { return noArguments(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.protocol != "singer" {
				return c.runAirbyte(cmd.Context(), name)
			}
			c.discover = name == "discover"
			c.about = name == "spec"
			if name == "check" {
				c.test = "all"
			}
			return c.runSinger(cmd.Context())
		},
	}
	if name == "read" {
		c.addReadFlags(cmd.Flags())
	}
	return cmd
}

// bare is the call without a command. With --protocol airbyte it does what Airbyte has in its
// place.
func (c *call) bare(cmd *cobra.Command) error {
	if c.version {
		version := c.versionText()
		if version != "dev" {
			version = "v" + version
		}
		_, err := fmt.Fprintf(c.stdout, "anytap %s\n", version)
		return err
	}
	if cmd.Flags().NFlag() == 0 {
		fmt.Fprintln(c.stderr, cmd.UsageString())
		return usage("no command and no --config")
	}
	if c.discover || c.about {
		if err := refuseReadFlags(cmd, "--discover or --about"); err != nil {
			return err
		}
	}
	if c.protocol != "airbyte" {
		return c.runSinger(cmd.Context())
	}
	switch {
	case c.discover:
		return c.runAirbyte(cmd.Context(), "discover")
	case c.about:
		return c.runAirbyte(cmd.Context(), "spec")
	case c.test == "all":
		return c.runAirbyte(cmd.Context(), "check")
	}
	return c.runAirbyte(cmd.Context(), "read")
}

func (c *call) runSinger(ctx context.Context) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	if c.about {
		return c.tellAbout(ctx)
	}
	connector, err := c.connector(ctx)
	if err != nil {
		return err
	}
	command, err := c.singerCommand()
	if err != nil {
		return err
	}
	if !c.discover {
		connector = collectForReads(connector)
		end := c.follow(&command)
		defer end()
	}
	c.code = singer.Run(ctx, command, connector, c.stdout, c.stderr, now)
	if c.code == frontend.ExitDone && !c.discover {
		frontend.Settle(ctx, c.stdout)
	}
	return nil
}

// singerCommand is what the arguments ask a Singer tap for.
func (c *call) singerCommand() (singer.Command, error) {
	choice, err := c.choice()
	command := singer.Command{
		Config: c.given(), Choice: choice, Discover: c.discover, Catalog: c.catalog, State: c.state, SkipUnsupported: c.skipUnsupported,
		Level: c.level(singer.LogLevel(firstVariable("ANYTAP_LOGLEVEL", "LOGLEVEL"))), JSONLogs: c.logFormat == "json",
	}
	if command.Catalog == "" {
		command.Catalog = c.properties
	}
	if c.test != "disabled" {
		command.Test = c.test
	}
	if c.dryRun {
		command.DryRun = c.stderr
	}
	return command, err
}

// follow makes a Singer read tell how far it is and how it went, until end is called.
func (c *call) follow(command *singer.Command) (end func()) {
	if command.Test == "" && command.Level <= slog.LevelInfo {
		command.Done, command.Metrics = c.table(), !isTerminal(c.stderr)
	}
	command.Show, end = c.showProgress()
	return end
}

func (c *call) runAirbyte(ctx context.Context, verb string) error {
	if c.given().Empty() && verb != "spec" {
		return usage("%s needs --config, for example: anytap %s --config config.json", verb, verb)
	}
	now, err := c.clock()
	if err != nil {
		return err
	}
	connector, err := c.connector(ctx)
	if err != nil {
		connector = failing(err) // the front end tells the error in a message
	}
	choice, err := c.choice()
	if err != nil {
		return err
	}
	command := airbyte.Command{
		Verb: verb, Config: c.given(), Choice: choice, Catalog: c.catalog, State: c.state, Stderr: c.stderr,
		Level: c.level(slog.LevelInfo),
	}
	if c.dryRun {
		command.DryRun = c.stderr
	}
	if firstVariable("LOG_LEVEL") == "debug" { // even with --quiet
		command.Level = slog.LevelDebug
	}
	if verb == "read" && isTerminal(c.stderr) {
		var end func()
		command.Done = c.table()
		command.Show, end = c.showProgress()
		defer end()
	}
	if verb == "read" {
		connector = collectForReads(connector)
	}
	c.code = airbyte.Run(ctx, command, connector, c.stdout, now)
	return nil
}

// failing is a connector that could not even be chosen.
func failing(err error) *tap.Connector {
	return &tap.Connector{
		Spec: func() (*tap.Spec, error) { return nil, err },
		Open: func(context.Context, *value.Dict, tap.Environment) (*tap.Source, error) { return nil, err },
	}
}
