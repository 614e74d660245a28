package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"anytap/internal/components"
	"anytap/internal/files"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/schemas"
)

// ContainerManifest is where Airbyte's manifest-only images keep their manifest.
const ContainerManifest = "/airbyte/integration_code/source_declarative_manifest/manifest.yaml"

// PythonFile is the file beside a manifest whose Python code the reference runtime runs.
const PythonFile = "components.py"

// connector chooses what this call runs. The first that there is counts: the manifest that
// --manifest-path names, that ANYTAP_MANIFEST names, the container's own, one inside the
// configuration, and last the built-in systems.
func (c *call) connector(ctx context.Context) (*tap.Connector, error) {
	path := c.manifest
	if path == "" {
		path = os.Getenv("ANYTAP_MANIFEST")
	}
	if path == "" && fileExists(ContainerManifest) {
		path = ContainerManifest
	}
	if path != "" {
		path, err := c.manifestFile(ctx, path)
		if err != nil {
			return nil, err
		}
		return c.manifestConnector(path), nil
	}
	injected, err := c.injected()
	if err != nil || injected != nil {
		return injected, err
	}
	c.systems = true
	return c.builtIn(c.transport), nil
}

// manifestConnector runs the manifest of a file. What it names lies in its folder, or in the one of
// --manifest-files.
func (c *call) manifestConnector(path string) *tap.Connector {
	folder := cmp.Or(c.manifestFiles, filepath.Dir(path))
	load := func() (*manifest.Node, error) {
		data, err := files.Read(path, files.Document)
		if err != nil {
			return nil, tap.Errorf(tap.Config, "read the manifest: %w", err)
		}
		return manifest.Parse(path, data)
	}
	return withPythonWarning(components.Connector(load, components.Overrides{ReadFile: readNamed(files.Folder(folder)), Transport: c.transport}), filepath.Join(filepath.Dir(path), PythonFile))
}

// readNamed reads a file that a manifest names: one of the folder, or a schema of a built-in
// system.
func readNamed(folder files.Folder) func(path string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		data, err := folder.Read(path)
		if errors.Is(err, fs.ErrNotExist) {
			if own, ownErr := schemas.Read(path); ownErr == nil {
				return own, nil
			}
		}
		return data, err
	}
}

// withPythonWarning makes a connector warn that the Python code in a file, should there be one, is
// not run.
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
