package singer

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"anytap/internal/config"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// capabilities are the words that Meltano and its hub describe a tap with. Only those that are true
// stand here.
var capabilities = []string{"about", "activate-version", "catalog", "discover", "properties", "schema-flattening", "state", "stream-maps", "test"}

// Capabilities are those words.
func Capabilities() []string { return slices.Clone(capabilities) }

// Description is how the tap is described.
type Description struct {
	// Format is json, markdown or text (empty: text) as the Meltano SDK has them; config: a
	// configuration to be filled in; meltano: the definition of a plugin.
	Format   string
	Version  string
	Manifest string // path of the manifest; empty: none
	Name     string // of the system that the manifest reads; empty: the connector's
}

// About describes the tap.
func About(w io.Writer, a Description, connector *tap.Connector) error {
	spec, err := SpecOf(connector)
	if err != nil {
		return err
	}
	switch a.Format {
	case "json":
		return aboutJSON(w, a.Version, connector, spec)
	case "markdown":
		return aboutMarkdown(w, a.Version, connector, spec)
	case "config":
		_, err = io.WriteString(w, config.Fillable(spec, modeline, schemaHint))
		return err
	case "meltano":
		return aboutMeltano(w, a, connector, spec)
	case "text", "":
		return aboutText(w, a.Version, connector, spec)
	}
	return tap.Errorf(tap.Config, "--format is %q, expected text, json, markdown, config or meltano", a.Format)
}

// modeline makes editors complete and check a configuration.
const (
	modeline   = "yaml-language-server: $schema=config.schema.json"
	schemaHint = "For editors: anytap schema config > config.schema.json, with the same arguments."
)

func aboutJSON(w io.Writer, version string, connector *tap.Connector, spec *tap.Spec) error {
	properties := value.NewDict(16)
	required := value.NewList()
	for _, s := range config.Settings(spec) {
		d := s.Schema.Clone()
		if value.Member[bool](d, "airbyte_secret") {
			d.Set("secret", true)
		}
		properties.Set(s.Name, d)
		if s.Required {
			required.Append(s.Name)
		}
	}
	about := value.DictOf("name", connector.Name, "description", connector.Description, "version", version,
		"sdk_version", nil, "supported_python_versions", nil, "capabilities", capabilities,
		"settings", value.DictOf("type", "object", "properties", properties, "required", required))
	pretty, err := json.MarshalIndent(json.RawMessage(value.Append(nil, about)), "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", pretty)
	return err
}

func aboutMarkdown(w io.Writer, version string, connector *tap.Connector, spec *tap.Spec) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# `%s` %s\n\n%s\n\n## Capabilities\n\n", connector.Name, version, connector.Description)
	for _, c := range capabilities {
		fmt.Fprintf(&b, "* `%s`\n", c)
	}
	b.WriteString("\n## Settings\n\n| Setting | Required | Default | Description |\n|:--------|:--------:|:-------:|:------------|\n")
	for _, s := range config.Settings(spec) {
		fallback := ""
		if v, ok := s.Schema.Get("default"); ok {
			fallback = value.Str(v)
		}
		description := strings.ReplaceAll(text(s.Schema, "description"), "\n", " ")
		fmt.Fprintf(&b, "| %s | %t | %s | %s |\n", s.Name, s.Required, fallback, strings.ReplaceAll(description, "|", "\\|"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func aboutText(w io.Writer, version string, connector *tap.Connector, spec *tap.Spec) error {
	var names []string
	for _, s := range config.Settings(spec) {
		names = append(names, s.Name)
	}
	_, err := fmt.Fprintf(w, "Name: %s\nDescription: %s\nVersion: %s\nCapabilities: %s\nSettings: %s\n",
		connector.Name, connector.Description, version, strings.Join(capabilities, ", "), strings.Join(names, ", "))
	return err
}
