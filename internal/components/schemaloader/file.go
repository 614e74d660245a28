package schemaloader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/files"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// fileDefinition configures JsonFileSchemaLoader, which reads the schema from a file.
//
//	type: JsonFileSchemaLoader
//	file_path: "./source_example/schemas/{{ parameters['name'] }}.json"
//
// In the reference runtime the path's first folder is the name of a Python package. Here the file
// is looked for beside the manifest, with and without that folder. It is never outside of the
// manifest's folder, or of the one that --manifest-files names. A $ref to another file means a file
// in the folder "shared" beside the schema.
type fileDefinition struct {
	Path *jinja.String `manifest:"file_path" doc:"The file; a template of config and parameters. By default ./schemas/ and the parameter name."`
}

func buildFile(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
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

// defaultPath is the file_path of a loader that has none.
const defaultPath = "./schemas/{{ parameters['name'] }}.json"

func newFile(c *manifest.Compiler, n *manifest.Node, path *jinja.String) *file {
	l := &file{at: n, path: path, vars: c.ConfigEnv(), read: files.Folder(filepath.Dir(n.File())).Read}
	if rt, ok := manifest.Service[*rest.Runtime](c); ok && rt.ReadFile != nil {
		l.read = rt.ReadFile
	}
	return l
}

type file struct {
	at   fmt.Stringer // the place in the manifest
	path *jinja.String
	vars *jinja.Env
	read func(path string) ([]byte, error) // by the path as seen from the manifest
}

// Schema is contract.SchemaLoader's.
func (l *file) Schema(context.Context) (*value.Dict, error) {
	path, err := l.path.Text(l.vars.Child())
	if err != nil {
		return nil, tap.Errorf(tap.System, "%s: find the schema's file: %w", l.at, err)
	}
	for _, at := range places(path) {
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
		return nil, tap.Errorf(tap.System, "%s: read the schema's file: %w", l.at, err)
	}
	return nil, tap.Errorf(tap.System, "%s: find the schema file %q: %w", l.at, path, fs.ErrNotExist)
}

// places lists where the file may be.
func places(path string) []string {
	path = filepath.FromSlash(strings.TrimPrefix(path, "./"))
	inside := path
	if !filepath.IsAbs(path) {
		if _, after, ok := strings.Cut(path, string(filepath.Separator)); ok {
			inside = after
		}
	}
	return slices.Compact([]string{path, inside})
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
