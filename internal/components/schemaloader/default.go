package schemaloader

import (
	"context"
	"errors"
	"io/fs"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// buildDefault builds the loader of a stream that has no schema_loader; n is the stream. It is a
// JsonFileSchemaLoader without a file_path whose file may be missing.
func buildDefault(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
	parameters := value.NewDict(1)
	if p := n.Parameters(); p != nil {
		parameters = p.Clone()
	}
	if _, ok := parameters.Get("name"); !ok {
		scope, _ := manifest.Scoped[contract.Scope](c)
		parameters.Set("name", scope.Stream)
	}
	path, err := jinja.CompileString(defaultPath, parameters)
	if err != nil {
		return nil, err
	}
	return fallback{newFile(c, n, path)}, nil
}

type fallback struct{ *file }

// Schema is contract.SchemaLoader's. Without a file there is no schema, nor with one that the
// system does not open.
func (l fallback) Schema(ctx context.Context) (*value.Dict, error) {
	schema, err := l.file.Schema(ctx)
	if _, ofSystem := errors.AsType[*fs.PathError](err); ofSystem || errors.Is(err, fs.ErrNotExist) {
		return value.NewDict(0), nil // a stream can be read without a schema
	}
	return schema, err
}
