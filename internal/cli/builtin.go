package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/restsource"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/schemas"
	"anytap/streams"
)

// BuiltIn is the connector of the systems that spec.json describes. The configuration's member
// source chooses one of them.
func (p Program) BuiltIn() *tap.Connector { return p.builtIn(nil) }

// builtIn is BuiltIn, whose requests transport sends; nil: connections without limits.
func (p Program) builtIn(transport func() (http.RoundTripper, error)) *tap.Connector {
	return &tap.Connector{
		Name:        "anytap",
		Description: "Reads Help Scout, JSONPlaceholder, Pullbay and any paginated REST API.",
		Spec:        p.builtInSpec,
		Open: func(ctx context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
			spec, err := p.builtInSpec()
			if err != nil {
				return nil, err
			}
			system, branch, err := systemOf(config, spec, e.ConfigFile)
			if err != nil {
				return nil, err
			}
			given := withoutNulls(config)
			config = withDefaults(given, branch)
			e.ConfigChanged = asGiven(given, config, e.ConfigChanged)
			load := func() (*manifest.Node, error) { return builtInManifest(system, config, e.ConfigFile) }
			chosen := &tap.Spec{Connection: schemaOf(spec.Connection, branch, given, e.Discovering && system != "rest")}
			return components.Connector(load, components.Overrides{Spec: chosen, Checked: restsource.WithDefaults(given), ReadFile: schemas.Read, Transport: transport, Settings: config}).Open(ctx, config, e)
		},
	}
}

// builtInSpec is spec.json.
func (p Program) builtInSpec() (*tap.Spec, error) {
	v, err := value.Decode(p.Spec)
	if err != nil {
		return nil, fmt.Errorf("spec.json: %w", err)
	}
	return &tap.Spec{Connection: v.(*value.Dict)}, nil
}

// builtInManifest is the manifest of a system. That of "rest" is made from the configuration.
func builtInManifest(system string, config *value.Dict, file string) (*manifest.Node, error) {
	if system == "rest" {
		document, err := restsource.Manifest(config)
		if err != nil {
			return nil, tap.Errorf(tap.Config, "%s: %w", file, err)
		}
		return manifest.FromValue(file, document), nil
	}
	name, text, ok := streams.Manifest(system)
	if !ok {
		return nil, tap.Errorf(tap.System, "no manifest for the source %q", system)
	}
	return manifest.Parse(name, text)
}

// systemOf finds the branch of the specification for the system that the configuration names.
func systemOf(config *value.Dict, spec *tap.Spec, file string) (system string, branch *value.Dict, err error) {
	v, _ := config.Get("source")
	var names []string
	options, _ := spec.Connection.Get("oneOf")
	for _, option := range options.(*value.List).All() {
		name, _ := value.At(option, "properties", "source", "const")
		if name == v {
			return name.(string), option.(*value.Dict), nil
		}
		names = append(names, value.Str(name))
	}
	if v == nil {
		for name := range config.All() {
			if spelling.Nearest(name, []string{"source"}) != "" {
				return "", nil, tap.Errorf(tap.Config, "%s: %s: there is no such setting; did you mean source?", file, name)
			}
		}
		return "", nil, tap.Errorf(tap.Config, "%s: source is missing, expected one of %s", file, strings.Join(names, ", "))
	}
	near := ""
	if text, ok := v.(string); ok {
		near = spelling.DidYouMean(text, names)
	}
	return "", nil, tap.Errorf(tap.Config, "%s: source is %s, expected one of %s%s", file, value.Repr(v), strings.Join(names, ", "), near)
}

// schemaOf is the specification of one system alone. Its messages are plainer than those of a
// choice of several. It knows all settings that there are: others are refused, apart from those
// that a platform adds for itself, whose names begin with "__". With partly, settings may be
// missing.
func schemaOf(root, branch, config *value.Dict, partly bool) *value.Dict {
	d := root.Clone()
	d.Delete("oneOf")
	system, _ := value.At(branch, "properties", "source", "const")
	properties, elsewhere := value.NewDict(16), value.NewDict(8)
	for name, property := range value.Member[*value.Dict](root, "properties").All() {
		if of, ok := value.At(property, ofSource); ok && of != system {
			elsewhere.Set(name, of)
			continue
		}
		properties.Set(name, property)
	}
	for name, property := range value.Member[*value.Dict](branch, "properties").All() {
		properties.Set(name, property)
	}
	for _, other := range value.Member[*value.List](root, "oneOf").All() {
		of, _ := value.At(other, "properties", "source", "const")
		own, _ := value.At(other, "properties")
		for name := range own.(*value.Dict).All() {
			if _, ok := properties.Get(name); !ok {
				elsewhere.Set(name, of)
			}
		}
	}
	for name, property := range properties.Clone().All() {
		_, given := config.Get(name) // the schema of what is not given would only cost time
		if like, ok := value.At(property, likeStreams); ok && given {
			properties.Set(name, partOf(property.(*value.Dict), properties, value.Str(like)))
		}
	}
	required, _ := branch.Get("required")
	if partly {
		required = value.NewList("source")
	}
	d.Set("properties", properties)
	d.Set("required", required)
	d.Set("additionalProperties", false)
	d.Set("patternProperties", value.DictOf("^__", value.NewDict(0)))
	d.Set(components.Elsewhere, elsewhere)
	return d
}

// ofSource is the member of a setting in spec.json that says which system it belongs to. Without
// one it belongs to the system of the alternative that it stands in, or to all.
const ofSource = "x-anytap-source"

// likeStreams is the member of a setting in spec.json that names another one, a list: it may have
// any setting that the elements of that have, but their name.
const likeStreams = "x-anytap-like"

// partOf is the schema of such a setting.
func partOf(property, properties *value.Dict, like string) *value.Dict {
	out := property.Clone()
	elements, _ := value.At(properties, like, "items")
	own := value.Member[*value.Dict](elements.(*value.Dict), "properties").Clone()
	own.Delete("name")
	out.Set("properties", own)
	out.Set("additionalProperties", false)
	return out
}

// asGiven makes store leave out the defaults that were filled in: a later version may have others.
func asGiven(given, filled *value.Dict, store func(*value.Dict) error) func(*value.Dict) error {
	if store == nil {
		return nil
	}
	filled = filled.Clone()
	return func(changed *value.Dict) error {
		changed = changed.Clone()
		for name, v := range filled.All() {
			if had, _ := given.Get(name); had != nil {
				continue
			}
			if now, ok := changed.Get(name); ok && value.Equal(now, v) {
				changed.Delete(name)
			}
		}
		return store(changed)
	}
}

// withoutNulls leaves out the settings that are null, as if they were not there.
func withoutNulls(config *value.Dict) *value.Dict {
	out := value.NewDict(config.Len())
	for name, v := range config.All() {
		if v != nil {
			out.Set(name, v)
		}
	}
	return out
}

// withDefaults fills in the settings that the configuration leaves out, so that manifests need not
// know the defaults.
func withDefaults(config, branch *value.Dict) *value.Dict {
	config = config.Clone()
	properties, _ := branch.Get("properties")
	for name, property := range properties.(*value.Dict).All() {
		fallback, has := value.At(property, "default")
		if _, given := config.Get(name); has && !given {
			config.Set(name, fallback)
		}
	}
	return config
}
