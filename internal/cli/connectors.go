package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"anytap/internal/config"
	"anytap/internal/files"
	"anytap/internal/manifest"
	"anytap/internal/registry"
	"anytap/internal/tap"
)

// manifestFile is the path of the manifest that a user means by a path, a connector's name
// (source-pokeapi, source-pokeapi@0.3.1) or an address. Of the last two it is fetched, unless it is
// in the cache.
func (c *call) manifestFile(ctx context.Context, given string) (string, error) {
	if info, err := os.Stat(given); err == nil && !info.IsDir() || !registry.IsReference(given) {
		if errors.Is(err, fs.ErrNotExist) && given != files.Stdin && !strings.ContainsAny(given, `/\.`) {
			return "", tap.Errorf(tap.Config, "the manifest %s: there is no such file, and the names of connectors begin with source-; see anytap connectors search %s", given, given)
		}
		return given, nil
	}
	ref, err := registry.ParseReference(given)
	if err != nil {
		return "", tap.Errorf(tap.Config, "the manifest: %w", err)
	}
	r, err := c.openRegistry()
	if err != nil {
		return "", err
	}
	defer r.Close()
	found, err := r.Find(ctx, ref, c.lockPath())
	if err != nil {
		return "", tap.Errorf(tap.Config, "%w", err)
	}
	if found.New {
		r.Log.Info("connector locked", "connector", found.String(), "sha256", found.SHA256, "file", c.lockPath())
	}
	return found.Manifest(), nil
}

// openRegistry is the registry that the call is given, or Airbyte's.
func (c *call) openRegistry() (*registry.Registry, error) {
	base, from := c.registry, "--registry"
	if base == "" {
		base, from = cmp.Or(os.Getenv("ANYTAP_REGISTRY"), registry.DefaultBase), "ANYTAP_REGISTRY"
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, tap.Errorf(tap.Config, "there is no folder for the connectors that were fetched: %w; set XDG_CACHE_HOME or HOME to one", err)
	}
	transport, err := c.network.ForFiles()
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%w", err)
	}
	r, err := registry.New(base, filepath.Join(cache, "anytap"), transport, validManifest)
	if err != nil {
		return nil, usage("%s: %v", from, err)
	}
	r.Version, r.Offline = c.versionText(), c.offline
	r.Log, _ = c.logger(slog.LevelInfo)
	return r, nil
}

// validManifest refuses what a server gives in place of a manifest, such as a page of HTML.
func validManifest(name string, text []byte) error {
	root, err := manifest.Parse(name, text)
	if err != nil {
		return err
	}
	if root.Get("check") == nil && root.Get("streams") == nil && root.Get("dynamic_streams") == nil {
		return errors.New("it has no streams and no check")
	}
	return nil
}

// lockPath is the lock file: the one that is named, else the one beside the configuration. Where
// that is no file of its own (a pipe, a file that a client makes in the system's temporary folder,
// none at all), it is in the current folder.
func (c *call) lockPath() string {
	if path := cmp.Or(c.lock, os.Getenv("ANYTAP_LOCK")); path != "" {
		return path
	}
	for _, path := range c.config {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() || err != nil && !fileExists(filepath.Dir(path)) || path == config.Environment || path == files.Stdin {
			continue
		}
		if folder := filepath.Dir(path); folder != filepath.Clean(os.TempDir()) {
			return filepath.Join(folder, registry.LockFile)
		}
	}
	return registry.LockFile
}
