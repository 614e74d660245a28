package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"anytap/internal/components"
	"anytap/internal/frontend"
	"anytap/internal/manifest"
	"anytap/internal/restsource"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/schemas"
	"anytap/streams"
)

// ContainerManifest is where Airbyte's manifest-only images keep their manifest.
const ContainerManifest = "/airbyte/integration_code/source_declarative_manifest/manifest.yaml"

// Members of a configuration that carry a manifest and its Python code.
const (
	injectedManifest  = "__injected_declarative_manifest"
	injectedPython    = "__injected_components_py"
	injectedChecksums = "__injected_components_py_checksums"
)

// connector chooses what this call runs: the manifest of a flag, a variable, the container's own or the configuration's, else the built-in systems.
func (c *call) connector() (*tap.Connector, error) {
	path := c.manifest
	if path == "" {
		path = os.Getenv("ANYTAP_MANIFEST")
	}
	if path == "" {
		if _, err := os.Stat(ContainerManifest); err == nil {
			path = ContainerManifest
		}
	}
	if path != "" {
		return manifestConnector(path), nil
	}
	injected, err := c.injected()
	if err != nil || injected != nil {
		return injected, err
	}
	return c.BuiltIn(), nil
}

func manifestConnector(path string) *tap.Connector {
	load := func() (*manifest.Node, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, tap.Errorf(tap.Config, "read the manifest: %w", err)
		}
		return manifest.Parse(path, data)
	}
	return withPythonWarning(components.Connector(load, components.Overrides{}), filepath.Join(filepath.Dir(path), PythonFile))
}

// PythonFile is what the reference runtime runs beside a manifest.
const PythonFile = "components.py"

// withPythonWarning says of Python code beside the manifest that it is not run.
func withPythonWarning(connector *tap.Connector, python string) *tap.Connector {
	open := connector.Open
	connector.Open = func(ctx context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
		if fileExists(python) {
			e.Log.Warn("Python code beside the manifest is not run; streams that need it are left out", "file", python)
		}
		return open(ctx, config, e)
	}
	return connector
}

// injected looks for a manifest inside the configurations that are files; nil: there is none.
func (c *call) injected() (*tap.Connector, error) {
	for _, path := range c.config {
		data, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(data, []byte(injectedManifest)) {
			continue // what is wrong with the file is said where it is read for good
		}
		v, err := frontend.ReadFile(path, "config")
		if err != nil {
			return nil, err
		}
		config, ok := v.(*value.Dict)
		if !ok {
			continue
		}
		document, ok := config.Get(injectedManifest)
		if !ok {
			continue
		}
		if python, ok := config.Get(injectedPython); ok && value.Truth(python) {
			return nil, tap.Errorf(tap.Config, "%s: %s is Python code, which anytap does not run: leave it out if the manifest needs no Custom components", path, injectedPython)
		}
		load := func() (*manifest.Node, error) { return manifest.FromValue(path+": "+injectedManifest, document), nil }
		return withoutInjected(components.Connector(load, components.Overrides{})), nil
	}
	return nil, nil
}

// withoutInjected hides the manifest's members from the configuration before it is checked and used.
func withoutInjected(connector *tap.Connector) *tap.Connector {
	open := connector.Open
	connector.Open = func(ctx context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
		for _, name := range []string{injectedManifest, injectedPython, injectedChecksums} {
			config.Delete(name)
		}
		return open(ctx, config, e)
	}
	return connector
}

// failOpen is the Open of a connector that could not even be chosen.
func failOpen(err error) func(context.Context, *value.Dict, tap.Environment) (*tap.Source, error) {
	return func(context.Context, *value.Dict, tap.Environment) (*tap.Source, error) { return nil, err }
}

// BuiltIn is the connector of the systems that spec.json describes; the configuration's source chooses one.
func (p Program) BuiltIn() *tap.Connector {
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
			given := config
			config = withDefaults(config, branch)
			e.ConfigChanged = asGiven(given, config, e.ConfigChanged)
			load := func() (*manifest.Node, error) { return builtInManifest(system, config, e.ConfigFile) }
			chosen := &tap.Spec{Connection: schemaOf(spec.Connection, branch)}
			return components.Connector(load, components.Overrides{Spec: chosen, ReadFile: schemas.Read, Settings: config}).Open(ctx, config, e)
		},
	}
}

func (p Program) builtInSpec() (*tap.Spec, error) {
	v, err := value.Decode(p.Spec)
	if err != nil {
		return nil, fmt.Errorf("spec.json: %w", err)
	}
	return &tap.Spec{Connection: v.(*value.Dict)}, nil
}

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

// systemOf finds the branch of the specification that the configuration's source names.
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
		return "", nil, tap.Errorf(tap.Config, "%s: source is missing, expected one of %s", file, strings.Join(names, ", "))
	}
	return "", nil, tap.Errorf(tap.Config, "%s: source is %s, expected one of %s", file, value.Repr(v), strings.Join(names, ", "))
}

// schemaOf is the specification of one system alone, which gives plainer messages than a choice of several.
func schemaOf(root, branch *value.Dict) *value.Dict {
	d := root.Clone()
	d.Delete("oneOf")
	properties, _ := d.Get("properties")
	own, _ := branch.Get("properties")
	for name, property := range own.(*value.Dict).All() {
		properties.(*value.Dict).Set(name, property)
	}
	required, _ := branch.Get("required")
	d.Set("required", required)
	return d
}

// asGiven keeps the defaults that were filled in out of a configuration that is stored: a later version may have others.
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

// withDefaults fills in the settings that the configuration leaves out or sets to null, so that manifests need not repeat the defaults.
func withDefaults(config, branch *value.Dict) *value.Dict {
	config = config.Clone()
	for name, v := range config.Clone().All() {
		if v == nil {
			config.Delete(name)
		}
	}
	properties, _ := branch.Get("properties")
	for name, property := range properties.(*value.Dict).All() {
		fallback, has := value.At(property, "default")
		if _, given := config.Get(name); has && !given {
			config.Set(name, fallback)
		}
	}
	return config
}
