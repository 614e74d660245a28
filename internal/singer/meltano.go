package singer

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"anytap/internal/config"
	"anytap/internal/fit"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// aboutMeltano writes a definition of a Meltano plugin. Settings of objects are named by their
// paths (credentials.token), so that each secret is sensitive by itself.
func aboutMeltano(w io.Writer, a Description, connector *tap.Connector, spec *tap.Spec) error {
	label := cmp.Or(a.Name, connector.Name)
	name := "tap-" + strings.TrimPrefix(strings.TrimPrefix(nameForPlugin(label), "tap-"), "source-")
	settings, required := value.NewList(), value.NewList()
	if a.Manifest != "" {
		required.Append("manifest")
		settings.Append(value.DictOf("name", "manifest", "env", "ANYTAP_MANIFEST", "label", "Manifest",
			"description", "The manifest's file, from the project's folder.", "value", a.Manifest))
	}
	for _, s := range config.Settings(spec) {
		first := settings.Len()
		if addSettings(settings, s.Name, s.Schema); s.Required && settings.Len() > first {
			name, _ := value.At(settings.At(first), "name")
			required.Append(name)
		}
	}
	d := value.DictOf("name", name, "namespace", strings.ReplaceAll(name, "-", "_"), "variant", "anytap", "label", label,
		"description", connector.Description, "executable", "anytap", "capabilities", capabilities)
	if required.Len() > 0 {
		d.Set("settings_group_validation", value.NewList(required))
	}
	d.Set("settings", settings)
	text, err := yaml11.Write(d)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// nameForPlugin is a name in small letters, digits and hyphens.
func nameForPlugin(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
}

// addSettings adds the setting of a name, or those of the object that it is.
func addSettings(list *value.List, name string, schema *value.Dict) {
	members := value.NewDict(8)
	collectMembers(members, schema)
	if members.Len() > 0 && !slices.Contains(fit.Types(schema), "array") {
		for member, v := range members.All() {
			addSettings(list, name+"."+member, v.(*value.Dict))
		}
		return
	}
	s := value.DictOf("name", name, "kind", kindOf(schema))
	if title := text(schema, "title"); title != "" {
		s.Set("label", title)
	}
	if description := text(schema, "description"); description != "" {
		s.Set("description", strings.Join(strings.Fields(description), " "))
	}
	if value.Member[bool](schema, "airbyte_secret") {
		s.Set("sensitive", true)
	}
	if value.Member[bool](schema, "airbyte_hidden") {
		s.Set("hidden", true)
	}
	if v, only := schema.Get("const"); only {
		s.Set("value", v)
	}
	if values := optionsOf(schema); len(values) > 0 {
		options := value.NewList()
		for _, v := range values {
			options.Append(value.DictOf("label", value.Str(v), "value", v))
		}
		s.Set("options", options)
	}
	list.Append(s)
}

// collectMembers takes the settings of an object and of its alternatives. One that several have,
// each with its own constant, may have any of them.
func collectMembers(members, schema *value.Dict) {
	if properties := dict(schema, "properties"); properties != nil {
		for name, v := range properties.All() {
			p, ok := v.(*value.Dict)
			if !ok {
				continue
			}
			known := dict(members, name)
			if known == nil {
				members.Set(name, p.Clone())
				continue
			}
			for _, v := range optionsOf(p) {
				if all := optionsOf(known); !slices.Contains(all, v) {
					known.Set("enum", value.NewList(append(all, v)...))
					known.Delete("const")
				}
			}
		}
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		for _, alternative := range list(schema, word).All() {
			if d, ok := alternative.(*value.Dict); ok {
				collectMembers(members, d)
			}
		}
	}
}

// optionsOf are the only values that a setting may have; none: any of its type.
func optionsOf(schema *value.Dict) []any {
	if v, ok := schema.Get("const"); ok {
		return []any{v}
	}
	return slices.Clone(list(schema, "enum").Values())
}

// kindOf is the kind that Meltano has for a setting's type.
func kindOf(schema *value.Dict) string {
	if len(optionsOf(schema)) > 0 {
		return "options"
	}
	for _, t := range fit.Types(schema) {
		switch t {
		case "null":
			continue
		case "number":
			return "decimal"
		case "string":
			if format := text(schema, "format"); format == "date-time" || format == "date" {
				return "date_iso8601"
			}
		}
		return t
	}
	return "string"
}
