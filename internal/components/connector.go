package components

import (
	"context"
	"fmt"
	"sync"

	"anytap/internal/components/properties"
	"anytap/internal/components/source"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Options say whose manifest it is.
type Options struct {
	// ReadFile reads a file that the manifest names (a JSON schema); nil: from the disk.
	ReadFile func(path string) ([]byte, error)
	// Spec replaces the manifest's own specification; nil: the manifest's.
	Spec *tap.Spec
	// Settings holds the settings of a run (concurrency, rate_limit, budgets, cache …); nil: the
	// configuration's member "anytap", since another's manifest owns the configuration.
	Settings *value.Dict
}

// specification is a built Spec component.
type specification interface {
	// Spec is what the connector's specification says.
	Spec() *tap.Spec
	// Migrate changes an older configuration into the present form and reports whether it did.
	Migrate(config *value.Dict) (changed bool, err error)
	// Transform changes the configuration for this run only.
	Transform(config *value.Dict) error
	// Validate runs the specification's own checks.
	Validate(config *value.Dict) error
}

// Connector is a manifest that is loaded, resolved and validated once, when it is first needed.
func Connector(load func() (*manifest.Node, error), o Options) *tap.Connector {
	d := &document{load: load, options: o}
	return &tap.Connector{
		Name: "anytap", Description: "Runs an Airbyte low-code manifest.",
		Spec: d.spec, Open: d.open,
	}
}

type document struct {
	load    func() (*manifest.Node, error)
	options Options

	once sync.Once
	root *manifest.Node
	err  error
}

func (d *document) resolved() (*manifest.Node, error) {
	d.once.Do(func() {
		var root *manifest.Node
		if root, d.err = d.load(); d.err == nil {
			d.root, d.err = manifest.Resolve(root)
		}
	})
	return d.root, d.err
}

// spec needs only the manifest's spec, so nothing else of it is looked at.
func (d *document) spec() (*tap.Spec, error) {
	if d.options.Spec != nil {
		return d.options.Spec, nil
	}
	root, err := d.resolved()
	if err != nil {
		return nil, err
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	if err := manifest.Validate(c, root); err != nil {
		return nil, err
	}
	spec, err := buildSpec(c, root)
	if err != nil {
		return nil, err
	}
	return spec.Spec(), nil
}

func buildSpec(c *manifest.Compiler, root *manifest.Node) (specification, error) {
	n := root.Get("spec")
	if n == nil || n.IsNull() {
		return nil, root.Problem("spec is missing, expected what the configuration may hold")
	}
	return manifest.Build[specification](c, n)
}

// open makes the source for a configuration: migrate it, check it against the specification, compile.
func (d *document) open(_ context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
	root, err := d.resolved()
	if err != nil {
		return nil, err
	}
	rt := &rest.Runtime{Config: config, Now: e.Now, Log: e.Log, ConfigChanged: e.ConfigChanged, Waiting: e.Waiting, RateLimited: e.RateLimited, Report: e.Report, ReadFile: d.options.ReadFile}
	c := d.compiler(rt, e)
	if err := manifest.Validate(c, root); err != nil {
		return nil, err
	}
	spec, err := buildSpec(c, root)
	if err != nil {
		return nil, err
	}
	if rt.Config, err = d.configure(spec, config, e); err != nil {
		return nil, err
	}
	c.Config = rt.Config
	options, settings, err := d.settings(rt.Config, root, e)
	if err != nil {
		return nil, err
	}
	settings.Secrets = secrets(d.connection(spec), rt.Config)
	client := rest.NewClient(rt, settings)
	src, err := source.New(c, root, func() error { return spec.Validate(rt.Config) })
	if err != nil {
		return nil, err
	}
	if options.Concurrency == 0 {
		if options.Concurrency, err = src.Concurrency(); err != nil {
			return nil, err
		}
	}
	return &tap.Source{Name: nameOf(root), Check: src.Check, Streams: src.Streams, Settings: options,
		Secrets: settings.Secrets, Close: client.Close}, nil
}

func (d *document) compiler(rt *rest.Runtime, e tap.Environment) *manifest.Compiler {
	c := manifest.NewCompiler(Table(), rt.Config)
	c.Now, c.Log = e.Now, e.Log
	manifest.Provide(c, rt)
	if e.Configured != nil {
		manifest.Provide(c, properties.Catalog(e.Configured))
	}
	return c
}

// configure gives the configuration that this run uses; one that had to be migrated is stored first.
func (d *document) configure(spec specification, config *value.Dict, e tap.Environment) (*value.Dict, error) {
	config = config.Clone()
	if config.Len() == 0 {
		return config, d.checkConfig(spec, config, e)
	}
	changed, err := spec.Migrate(config)
	if err != nil {
		return nil, err
	}
	if changed && e.ConfigChanged != nil {
		if err := e.ConfigChanged(config); err != nil {
			return nil, err
		}
	}
	if err := spec.Transform(config); err != nil {
		return nil, err
	}
	return config, d.checkConfig(spec, config, e)
}

func (d *document) connection(spec specification) *value.Dict {
	if d.options.Spec != nil {
		return d.options.Spec.Connection
	}
	return spec.Spec().Connection
}

// nameOf is whom positions in the state belong to: the manifest's name for itself.
func nameOf(root *manifest.Node) string {
	for _, path := range [][]string{{"metadata", "x-anytap", "name"}, {"metadata", "name"}, {"name"}} {
		if name, ok := root.At(path...).Text(); ok && name != "" {
			return name
		}
	}
	return "manifest"
}

// CheckManifest lists everything that a manifest has wrong or needs that is not run here, each once. An error means that
// the file can not be read.
func CheckManifest(root *manifest.Node) (manifest.Problems, error) {
	resolved, err := manifest.Resolve(root)
	if err != nil {
		if problems := manifest.AsProblems(err); problems != nil {
			return problems, nil
		}
		return nil, fmt.Errorf("resolve: %w", err)
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	return manifest.Check(c, resolved).Sorted(), nil
}
