package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"anytap/internal/components"
	"anytap/internal/config"
	"anytap/internal/singer"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// schemaCommand prints JSON Schemas, by which editors complete and check what is written.
func (c *call) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema config|manifest",
		Short: "Print the JSON Schema of a configuration or of low-code manifests, for editors",
		Long: `schema prints a JSON Schema. In an editor with a YAML language server, a first line such as
# yaml-language-server: $schema=config.schema.json
makes it complete names, show what they mean, and mark mistakes.`,
		Example: `  anytap schema config --set source=rest > config.schema.json
  anytap schema config --manifest-path manifest.yaml > config.schema.json
  anytap schema manifest > manifest.schema.json`,
		ValidArgs: []cobra.Completion{"config", "manifest"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] != "config" && args[0] != "manifest" {
				return usage("schema takes config or manifest, for example: anytap schema manifest > manifest.schema.json")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.printSchema(cmd.Context(), args[0]) },
	}
}

func (c *call) printSchema(ctx context.Context, of string) error {
	schema := components.EditorSchema
	if of == "config" {
		connector, err := c.described(ctx)
		if err != nil {
			return err
		}
		spec, err := singer.SpecOf(connector)
		if err != nil {
			return err
		}
		schema = func() *value.Dict { return config.EditorSchema(spec) }
	}
	pretty, err := json.MarshalIndent(json.RawMessage(value.Append(nil, schema())), "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "%s\n", pretty)
	return err
}

// described is the connector as it is described: of the built-in systems the one that the
// configuration names, if there is one.
func (c *call) described(ctx context.Context) (*tap.Connector, error) {
	connector, err := c.connector(ctx)
	if err != nil || !c.systems || c.given().Empty() {
		return connector, err
	}
	spec, err := c.builtInSpec()
	if err != nil {
		return nil, err
	}
	given, err := c.given().Read(c.builtInSpec)
	if err != nil {
		return nil, err
	}
	system, branch, err := systemOf(given.Values, spec, given.Name)
	if err != nil {
		return nil, err
	}
	narrowed := *connector
	narrowed.Name = system
	narrowed.Spec = func() (*tap.Spec, error) {
		return &tap.Spec{Connection: schemaOf(spec.Connection, branch, given.Values, false)}, nil
	}
	return &narrowed, nil
}

// tellAbout describes the tap.
func (c *call) tellAbout(ctx context.Context) error {
	connector, err := c.described(ctx)
	if err != nil {
		return err
	}
	if c.systems && c.format == "config" && c.given().Empty() {
		return usage("--format=config needs the system: --set source=rest (or helpscout, jsonplaceholder, pullbay), or --manifest-path")
	}
	about := singer.Description{Format: c.format, Version: c.versionText()}
	if !c.systems {
		about.Manifest = c.manifest
		about.Name = strings.TrimSuffix(filepath.Base(c.manifest), filepath.Ext(c.manifest))
		if folder, err := filepath.Abs(filepath.Dir(c.manifest)); about.Name == "manifest" && err == nil {
			about.Name = filepath.Base(folder)
		}
	}
	return singer.About(c.stdout, about, connector)
}
