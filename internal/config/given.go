package config

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"anytap/internal/files"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Environment is the path that stands for variables of the environment.
const Environment = "ENV"

// Given is what a call says of its configuration. It can be asked again and again, and reads each
// file once.
type Given struct {
	// Files are paths, later ones over earlier ones at the top level. "-" is the standard input.
	// With "ENV" among them the variables ANYTAP_… replace all files, wherever it stands, as in
	// the Meltano SDK.
	Files []string
	// Set has settings, NAME=VALUE, that replace all others. NAME is a path with dots.
	Set []string
	// EnvFile is a file of variables, which the environment's own replace; empty: .env beside the
	// first file, or in the working folder where that is none, if it exists.
	EnvFile string
	// Lookup reads a variable of the environment; nil: there are none.
	Lookup func(name string) (string, bool)

	once  sync.Once
	parts []part
	err   error

	dotenv variables
}

// part is one of the files that a configuration is put together from.
type part struct {
	path   string
	text   []byte
	raw    *value.Dict  // as it is written
	once   bool         // it can not be written again
	place  *files.Place // reserved for a change; nil: none is
	folder string       // of the files that it names
}

// Empty reports whether nothing is given.
func (g *Given) Empty() bool { return len(g.Files) == 0 && len(g.Set) == 0 }

// Name is what messages call the configuration.
func (g *Given) Name() string {
	var names []string
	for _, path := range g.Files {
		if path != Environment {
			names = append(names, nameOf(path))
		}
	}
	if slices.Contains(g.Files, Environment) {
		names = append(names, "the environment")
	}
	if len(g.Set) > 0 {
		names = append(names, "--set")
	}
	if len(names) == 0 {
		return "config"
	}
	return strings.Join(names, ", ")
}

// Written is the configuration of all files as it is written: without settings from elsewhere, and
// with its references.
func (g *Given) Written() (*value.Dict, error) {
	parts, err := g.read()
	if err != nil {
		return nil, err
	}
	d := value.NewDict(8)
	for _, p := range parts {
		overlay(d, p.raw)
	}
	return d, nil
}

// read reads the files.
func (g *Given) read() ([]part, error) {
	g.once.Do(func() {
		for _, path := range g.Files {
			if path == Environment {
				continue
			}
			p := part{path: path, once: files.Once(path), folder: "."}
			if !p.once {
				p.folder = filepath.Dir(path)
			}
			if p.text, g.err = readText(path, "config", files.Document); g.err != nil {
				return
			}
			if p.raw, g.err = object(path, p.text); g.err != nil {
				return
			}
			g.parts = append(g.parts, p)
		}
	})
	return g.parts, g.err
}

// overlay puts the members of one object over those of another.
func overlay(d, over *value.Dict) {
	for name, v := range over.All() {
		d.Set(name, v)
	}
}

// Read puts the configuration together. spec is asked for the types of settings where one is given
// as a text. Errors are of kind Config and name the file and the setting.
func (g *Given) Read(spec func() (*tap.Spec, error)) (*Configuration, error) {
	parts, err := g.read()
	if err != nil {
		return nil, err
	}
	c := &Configuration{Name: g.Name(), Values: value.NewDict(8), raw: value.NewDict(8), parts: slices.Clone(parts), above: map[string]string{}}
	types := &typesOf{spec: spec}
	x := &references{given: g, types: types, secrets: map[string]string{}}
	for _, p := range c.parts {
		overlay(c.raw, p.raw)
		overlay(c.Values, x.fill(p.raw, nameOf(p.path), p.folder))
	}
	if slices.Contains(g.Files, Environment) {
		if err := c.readEnvironment(g, spec); err != nil {
			return nil, err
		}
	}
	for _, text := range g.Set {
		if err := c.set(text, x); err != nil {
			return nil, err
		}
	}
	c.Secrets = x.secrets
	if types.err != nil {
		return nil, types.err
	}
	return c, x.err()
}
