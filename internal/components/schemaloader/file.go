package schemaloader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// JsonFileSchemaLoader reads the schema from a file.
//
//	schema_loader:
//	  type: JsonFileSchemaLoader
//	  file_path: "./source_example/schemas/{{ parameters['name'] }}.json"
//
// The path's first folder is the name of a Python package in the reference runtime. Here the file is looked for beside the
// manifest, with and without that folder, and in the working directory. References to other files lead to its folder "shared".

type fileDefinition struct {
	Path *jinja.String `manifest:"file_path" doc:"the file; a template of config and parameters"`
}

func buildFile(c *manifest.Compiler, n *manifest.Node) (rest.SchemaLoader, error) {
	var def fileDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if def.Path == nil || def.Path.Source() == "" {
		var err error
		if def.Path, err = jinja.CompileString(defaultPath, n.Parameters()); err != nil {
			return nil, err
		}
	}
	return newFile(c, n, def.Path), nil
}

// defaultPath is where the reference runtime looks for a schema that has no place of its own.
const defaultPath = "./schemas/{{ parameters['name'] }}.json"

func newFile(c *manifest.Compiler, n *manifest.Node, path *jinja.String) *file {
	l := &file{path: path, vars: c.ConfigEnv(), beside: filepath.Dir(n.File()), read: os.ReadFile}
	if rt, ok := manifest.Service[*rest.Runtime](c); ok && rt.ReadFile != nil {
		l.read = rt.ReadFile
	}
	return l
}

type file struct {
	path   *jinja.String
	vars   *jinja.Env
	beside string
	read   func(path string) ([]byte, error)
}

// Schema reads the file.
func (l *file) Schema(context.Context) (*value.Dict, error) {
	path, err := l.path.Text(l.vars.Child())
	if err != nil {
		return nil, tap.Errorf(tap.System, "find the schema's file: %w", err)
	}
	for _, at := range l.places(path) {
		d, err := readObject(l.read, at)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			r := &refs{read: l.read, dir: filepath.Dir(at), root: d}
			var v any
			if v, err = r.resolve(d, d, 0); err == nil {
				return value.Expand(v).(*value.Dict), nil
			}
		}
		return nil, tap.Errorf(tap.System, "read the schema's file: %w", err)
	}
	return nil, tap.Errorf(tap.System, "there is no schema file %q", path)
}

// places are where the file may lie.
func (l *file) places(path string) []string {
	path = filepath.FromSlash(strings.TrimPrefix(path, "./"))
	places := []string{filepath.Join(l.beside, path), path}
	if _, inside, ok := strings.Cut(path, string(filepath.Separator)); ok {
		places = append(places, filepath.Join(l.beside, inside))
	}
	return places
}

func readObject(read func(string) ([]byte, error), path string) (*value.Dict, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	v, err := value.DecodePython(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("%s holds a %s, not an object", filepath.Base(path), value.TypeName(v))
	}
	return d, nil
}

// refs replaces references by what they lead to.
type refs struct {
	read func(path string) ([]byte, error)
	dir  string
	root *value.Dict
}

// maxRefs is how far references may lead on; a schema that refers to itself has no end.
const maxRefs = 64

// resolve copies v, a part of root, without references.
func (r *refs) resolve(v any, root *value.Dict, depth int) (any, error) {
	switch v := v.(type) {
	case *value.Dict:
		if ref, ok := v.Get("$ref"); ok {
			if text, ok := ref.(string); ok {
				return r.follow(text, root, depth)
			}
		}
		out := value.NewDict(v.Len())
		for key, child := range v.All() {
			c, err := r.resolve(child, root, depth)
			if err != nil {
				return nil, err
			}
			out.Set(key, c)
		}
		return out, nil
	case *value.List:
		out := value.NewList()
		for _, child := range v.All() {
			c, err := r.resolve(child, root, depth)
			if err != nil {
				return nil, err
			}
			out.Append(c)
		}
		return out, nil
	}
	return v, nil
}

// follow resolves what a reference leads to: a place in root, or another file.
func (r *refs) follow(ref string, root *value.Dict, depth int) (any, error) {
	if depth >= maxRefs {
		return nil, fmt.Errorf("references lead on without end at %q", ref)
	}
	name, pointer, _ := strings.Cut(ref, "#")
	if name != "" {
		var err error
		if root, err = r.open(name); err != nil {
			return nil, err
		}
	}
	target := any(root)
	if pointer = strings.TrimPrefix(pointer, "/"); pointer != "" {
		var ok bool
		if target, ok = value.At(root, value.Pointer(pointer)...); !ok {
			return nil, fmt.Errorf("the reference %q leads nowhere", ref)
		}
	}
	v, err := r.resolve(target, root, depth+1)
	if err != nil {
		return nil, err
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("the reference %q leads to a %s, not to an object", ref, value.TypeName(v))
	}
	d.Delete("definitions")
	return d, nil
}

// open reads a file that a schema refers to.
func (r *refs) open(name string) (*value.Dict, error) {
	name = filepath.FromSlash(name)
	d, err := readObject(r.read, filepath.Join(r.dir, "shared", name))
	if errors.Is(err, fs.ErrNotExist) {
		return readObject(r.read, filepath.Join(r.dir, name))
	}
	return d, err
}
