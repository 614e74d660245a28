package components

import (
	"cmp"
	"context"
	"net/http"
	"sync"

	"anytap/internal/components/properties"
	"anytap/internal/components/source"
	"anytap/internal/manifest"
	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Overrides replace what a manifest brings itself. The zero Overrides are for a manifest that
// somebody else wrote; the ones that anytap makes have all of them.
type Overrides struct {
	// ReadFile reads a file that the manifest names, such as a JSON schema; nil: from the disk.
	ReadFile func(path string) ([]byte, error)
	// Spec replaces the manifest's specification; nil: it counts.
	Spec *tap.Spec
	// Checked is the configuration as it is checked against Spec; nil: as it is given.
	Checked *value.Dict
	// Transport makes what sends the requests; nil: connections without limits.
	Transport func() (http.RoundTripper, error)
	// Settings holds the settings of the run, such as concurrency, rate_limit and cache; nil: they
	// are in the configuration's member "anytap".
	Settings *value.Dict
}

// specification is what a Spec component is built into.
type specification interface {
	// Spec returns the connector's specification.
	Spec() *tap.Spec
	// Migrate brings an older configuration into its present form, and reports whether it is to be
	// stored.
	Migrate(config *value.Dict) (changed bool, err error)
	// Transform changes the configuration for this run.
	Transform(config *value.Dict) error
	// Validate runs the specification's own checks.
	Validate(config *value.Dict) error
}

// Connector returns the connector that a manifest describes. load is called once, when the manifest
// is first needed.
func Connector(load func() (*manifest.Node, error), o Overrides) *tap.Connector {
	d := &document{load: load, overrides: o}
	return &tap.Connector{
		Name: "anytap", Description: "Runs an Airbyte low-code manifest.",
		Spec: d.spec, Open: d.open,
	}
}

// document is a manifest, loaded and resolved when it is first needed.
type document struct {
	load      func() (*manifest.Node, error)
	overrides Overrides

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

// spec returns the specification. It is made without a configuration.
func (d *document) spec() (*tap.Spec, error) {
	if d.overrides.Spec != nil {
		return d.overrides.Spec, nil
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

// open makes the source for a configuration, which it migrates and checks first.
func (d *document) open(_ context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
	if d.overrides.Spec != nil { // the manifest may be made of the configuration
		checked := cmp.Or(d.overrides.Checked, config)
		if err := CheckConfig(d.overrides.Spec.Connection, checked, e.ConfigFile); err != nil {
			return nil, err
		}
	}
	root, err := d.resolved()
	if err != nil {
		return nil, err
	}
	rt := &rest.Runtime{
		Config: config, Clock: rest.MachineClock{RunNow: e.Now}, Log: e.Log, ReadFile: d.overrides.ReadFile,
		ConfigChanged: e.ConfigChanged, KeepConfig: e.KeepConfig, Waiting: e.Waiting, RateLimited: e.RateLimited,
		Asking: e.Asking, Exchanged: e.Exchanged, Expected: e.Expected, Paged: e.Paged, Report: e.Report,
	}
	c := d.compiler(rt, e)
	if err := manifest.Validate(c, root); err != nil {
		return nil, err
	}
	spec, err := buildSpec(c, root)
	if err != nil {
		return nil, err
	}
	if rt.Config, err = d.configure(spec, config, e); err != nil {
		texts, _ := allSecrets(d.connection(spec), config, e)
		return nil, withoutSecrets(err, redact.New(texts...))
	}
	c.Config = rt.Config
	read, client, err := d.client(c, rt, root, spec, e)
	if err != nil {
		return nil, err
	}
	src, err := source.New(c, root, func() error { return spec.Validate(rt.Config) })
	if err == nil && read.Concurrency == 0 {
		read.Concurrency, err = src.Concurrency()
	}
	if err != nil {
		return nil, withoutSecrets(err, client.Redactor())
	}
	return &tap.Source{Name: nameOf(root), Check: src.Check, Streams: src.Streams, Settings: read,
		Hide: client.Redactor().Text, Close: client.Close}, nil
}

// withoutSecrets is an error of a source that was not opened, so that nobody hides its secrets yet.
func withoutSecrets(err error, secrets *redact.Redactor) error {
	if text := secrets.Text(err.Error()); text != err.Error() {
		return &tap.Error{Kind: tap.KindOf(err), Message: text}
	}
	return err
}

// client makes what all requests of the run share, and the settings of the read, as the
// configuration has them.
func (d *document) client(c *manifest.Compiler, rt *rest.Runtime, root *manifest.Node, spec specification, e tap.Environment) (tap.ReadSettings, *exchange.Client, error) {
	read, settings, cache, err := d.settings(rt.Config, root, e)
	if err != nil {
		return read, nil, err
	}
	if d.overrides.Transport != nil {
		if rt.Transport, err = d.overrides.Transport(); err != nil {
			return read, nil, tap.Errorf(tap.Config, "%w", err)
		}
	}
	settings.Secrets, settings.SecretNames = allSecrets(d.connection(spec), rt.Config, e)
	rt.Settings = settings
	client := exchange.NewClient(rt)
	client.SetCache(cache)
	manifest.Provide(c, client)
	manifest.Provide(c, paging.NewLedger(settings.MaxCredits))
	return read, client, nil
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

// configure returns the configuration that the run uses. One that had to be migrated is stored
// first.
func (d *document) configure(spec specification, config *value.Dict, e tap.Environment) (*value.Dict, error) {
	config = config.Clone()
	if config.Len() == 0 {
		return config, d.checkOwn(spec, config, e)
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
	return config, d.checkOwn(spec, config, e)
}

func (d *document) connection(spec specification) *value.Dict {
	if d.overrides.Spec != nil {
		return d.overrides.Spec.Connection
	}
	return spec.Spec().Connection
}

// nameOf returns the manifest's own name, which goes into the state to say whose it is.
func nameOf(root *manifest.Node) string {
	for _, path := range [][]string{{"metadata", "x-anytap", "name"}, {"metadata", "name"}, {"name"}} {
		if name, ok := root.At(path...).Text(); ok && name != "" {
			return name
		}
	}
	return "manifest"
}
