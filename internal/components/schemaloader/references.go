package schemaloader

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"anytap/internal/value"
)

// refs replaces the $refs in a schema with what they refer to.
type refs struct {
	read func(path string) ([]byte, error)
	dir  string
	root *value.Dict
	made int // how many objects and lists there are by now
}

// maxRefs bounds how many references lead on from one another. A schema that refers to itself is
// refused.
const maxRefs = 64

// maxMade bounds how many objects and lists a schema has once its references are replaced. A few
// lines can stand for billions: each refers twice to the one before.
const maxMade = 1_000_000

// resolve returns a copy of v, a part of root, with its references replaced.
func (r *refs) resolve(v any, root *value.Dict, depth int) (any, error) {
	if r.made++; r.made > maxMade {
		return nil, fmt.Errorf("the schema has more than %d parts once its references are replaced", maxMade)
	}
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

// follow returns what a reference leads to, resolved: a part of root, or of another file.
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

// open reads a file that a schema refers to: from the folder "shared" beside the schema, else from
// beside it.
func (r *refs) open(name string) (*value.Dict, error) {
	name = filepath.FromSlash(name)
	d, err := readObject(r.read, filepath.Join(r.dir, "shared", name))
	if errors.Is(err, fs.ErrNotExist) {
		return readObject(r.read, filepath.Join(r.dir, name))
	}
	return d, err
}
