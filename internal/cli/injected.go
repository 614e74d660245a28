package cli

import (
	"context"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// The members of a configuration that hold a manifest and its Python code, as Airbyte's connector
// builder puts them there.
const (
	injectedManifest  = "__injected_declarative_manifest"
	injectedPython    = "__injected_components_py"
	injectedChecksums = "__injected_components_py_checksums"
)

// injected is the connector of a manifest that stands inside a configuration file; nil: none does.
func (c *call) injected() (*tap.Connector, error) {
	config, err := c.given().Written()
	if err != nil {
		return nil, nil //nolint:nilerr // it is an error once the configuration is opened
	}
	document, ok := config.Get(injectedManifest)
	if !ok {
		return nil, nil
	}
	name := c.given().Name()
	if python, ok := config.Get(injectedPython); ok && value.Truth(python) {
		return nil, tap.Errorf(tap.Config, "%s: %s is Python code, which anytap does not run: leave it out if the manifest needs no Custom components", name, injectedPython)
	}
	load := func() (*manifest.Node, error) { return manifest.FromValue(name+": "+injectedManifest, document), nil }
	return withoutInjected(components.Connector(load, components.Overrides{Transport: c.transport})), nil
}

// withoutInjected removes these members from the configuration before the connector checks and uses
// it.
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
