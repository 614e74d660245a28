package registry

import (
	"os"
	"path/filepath"
	"strings"
)

// The files of a connector's folder.
const (
	ManifestFile   = "manifest.yaml"
	ComponentsFile = "components.py" // Python code
)

// versionFolder holds a folder for each content that a version of a connector had.
func (r *Registry) versionFolder(name, version string) string {
	if strings.Contains(name, "://") {
		return filepath.Join(r.Cache, "connectors", "addresses", sum([]byte(name))[:16])
	}
	return filepath.Join(r.Cache, "connectors", name, version)
}

// folder is where a content is kept.
func (r *Registry) folder(e Entry) string {
	return filepath.Join(r.versionFolder(e.Name, e.Version), sum([]byte(e.SHA256 + e.ComponentsSHA256))[:16])
}

// has reports whether the cache has just what an entry says. What was changed there is none of it.
func (r *Registry) has(e Entry) bool {
	c, err := readContent(r.folder(e))
	if err != nil {
		return false
	}
	manifest, components := c.sums()
	return manifest == e.SHA256 && components == e.ComponentsSHA256
}

func readContent(folder string) (c content, err error) {
	if c.manifest, err = os.ReadFile(filepath.Join(folder, ManifestFile)); err != nil {
		return c, err
	}
	c.components, err = os.ReadFile(filepath.Join(folder, ComponentsFile))
	if os.IsNotExist(err) {
		return c, nil
	}
	return c, err
}

// kept is the content that the cache has of a version; ok is false if it has none, or more than
// one, of which nobody could say which is right.
func (r *Registry) kept(name, version string) (e Entry, ok bool) {
	folders, err := filepath.Glob(filepath.Join(r.versionFolder(name, version), "*", ManifestFile))
	if err != nil || len(folders) != 1 {
		return e, false
	}
	c, err := readContent(filepath.Dir(folders[0]))
	if err != nil {
		return e, false
	}
	e = Entry{Name: name, Version: version}
	e.SHA256, e.ComponentsSHA256 = c.sums()
	return e, r.has(e)
}

// keep puts a content into the cache: whole, or not at all.
func (r *Registry) keep(e Entry, c content) error {
	if r.has(e) {
		return nil
	}
	folder := r.folder(e)
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	aside, err := os.MkdirTemp(filepath.Dir(folder), ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside) //nolint:errcheck // it is gone, unless something failed
	if err := os.WriteFile(filepath.Join(aside, ManifestFile), c.manifest, 0o600); err != nil {
		return err
	}
	if c.components != nil {
		if err := os.WriteFile(filepath.Join(aside, ComponentsFile), c.components, 0o600); err != nil {
			return err
		}
	}
	if err = os.Rename(aside, folder); err == nil || r.has(e) { // another process may have been faster
		return nil
	}
	if err := os.RemoveAll(folder); err != nil { // what is there was damaged
		return err
	}
	return os.Rename(aside, folder)
}
