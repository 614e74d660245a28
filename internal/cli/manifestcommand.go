package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"anytap/internal/components"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/restsource"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// manifestCommand prints the manifest of a configuration, for those who need more than that can
// say.
func (c *call) manifestCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "manifest",
		Short:   "Print the low-code manifest that a configuration amounts to",
		Example: "  anytap manifest --config config.yaml > manifest.yaml\n  anytap --manifest-path manifest.yaml --config config.yaml | target-jsonl",
		Args:    func(_ *cobra.Command, args []string) error { return noArguments(args) },
		RunE:    func(*cobra.Command, []string) error { return c.printManifest() },
	}
}

func (c *call) printManifest() error {
	if c.given().Empty() {
		return usage("manifest needs --config, for example: anytap manifest --config config.yaml")
	}
	config, err := c.given().Read(c.builtInSpec)
	if err != nil {
		return err
	}
	document, err := c.ManifestOf(config.Values, config.Name)
	if err != nil {
		return err
	}
	text, err := yaml11.Write(document)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "# What %s amounts to. Run it with --manifest-path and the same --config.\n%s", config.Name, text)
	return err
}

// ManifestOf returns the manifest that a configuration of a built-in system amounts to. Run with
// the same configuration, it reads the same. file names the configuration in errors.
func (p Program) ManifestOf(config *value.Dict, file string) (*value.Dict, error) {
	spec, err := p.builtInSpec()
	if err != nil {
		return nil, err
	}
	system, branch, err := systemOf(config, spec, file)
	if err != nil {
		return nil, err
	}
	given := withoutNulls(config)
	schema := schemaOf(spec.Connection, branch, given, false)
	if err := components.CheckConfig(schema, restsource.WithDefaults(given), file); err != nil {
		return nil, err
	}
	root, err := builtInManifest(system, withDefaults(given, branch), file)
	if err != nil {
		return nil, err
	}
	document, ok := root.Value().(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.System, "the manifest of %s is no object", system)
	}
	document = document.Clone()
	referToRetrievers(document)
	metadata, _ := document.Get("metadata")
	own := value.Member[*value.Dict](metadata.(*value.Dict), "x-anytap")
	own.Set("settings", components.SettingsAtTop)
	specification := value.DictOf("type", "Spec", "connection_specification", components.SecretSchema(schema, given))
	if fields := defaultsOf(branch); fields.Len() > 0 {
		specification.Set("config_normalization_rules", value.DictOf("type", "ConfigNormalizationRules", "transformations", value.NewList(
			value.DictOf("type", "ConfigAddFields", "fields", fields, "condition", "{{ config.get(path[0]) is none }}"))))
	}
	document.Set("spec", specification)
	return document, nil
}

// referToRetrievers makes schema loaders refer to the retriever of their stream, where theirs is
// the same.
func referToRetrievers(document *value.Dict) {
	streams, _ := document.Get("streams")
	list, _ := streams.(*value.List)
	if list == nil {
		return
	}
	for i, s := range list.All() {
		own, _ := value.At(s, "retriever")
		loaders, _ := value.At(s, "schema_loader")
		loader, _ := loaders.(*value.Dict)
		if loader == nil {
			continue
		}
		if its, ok := loader.Get("retriever"); ok && value.Equal(its, own) {
			loader.Set("retriever", value.DictOf("$ref", fmt.Sprintf("#/streams/%d/retriever", i)))
		}
	}
}

// defaultsOf are the fields that a configuration may leave out.
func defaultsOf(branch *value.Dict) *value.List {
	fields := value.NewList()
	for name, property := range value.Member[*value.Dict](branch, "properties").All() {
		if fallback, ok := value.At(property, "default"); ok && name != "source" {
			fields.Append(value.DictOf("type", "AddedFieldDefinition", "path", value.NewList(name), "value", "{{ "+value.Repr(fallback)+" }}"))
		}
	}
	return fields
}
