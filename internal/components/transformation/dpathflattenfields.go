package transformation

import (
	"errors"
	"slices"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// DpathFlattenFields puts the members of one object in a record at the record's top, unless one of their names is
// taken there.
//
//	type: DpathFlattenFields
//	field_path: ["data", "*", "attributes"]
//	delete_origin_value: true
//	replace_record: false
//	key_transformation:
//	  type: KeyTransformation
//	  prefix: "attribute_"
//
// Of a path with "*" in it the first match counts. The path's templates know the config.

type dpathFlattenDefinition struct {
	FieldPath    []*jinja.String `manifest:"field_path,required" doc:"the path of the object"`
	DeleteOrigin bool            `manifest:"delete_origin_value" doc:"remove the object from its old place"`
	Replace      bool            `manifest:"replace_record" doc:"its members are all that stays of the record"`
	Keys         *manifest.Node  `manifest:"key_transformation,is=KeyTransformation" doc:"how the members' names change"`
}

type keyTransformationDefinition struct {
	Prefix *jinja.String `manifest:"prefix" doc:"what comes before each name"`
	Suffix *jinja.String `manifest:"suffix" doc:"what comes behind each name"`
}

func buildDpathFlattenFields(c *manifest.Compiler, n *manifest.Node) (rest.Transformer, error) {
	var def dpathFlattenDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &dpathFlatten{path: def.FieldPath, deleteOrigin: def.DeleteOrigin, replace: def.Replace}
	var err error
	t.keys, err = manifest.BuildOptional[*keyTransformation](c, def.Keys)
	return t, err
}

// buildKeyTransformation evaluates both templates: they know nothing but the config.
func buildKeyTransformation(c *manifest.Compiler, n *manifest.Node) (*keyTransformation, error) {
	var def keyTransformationDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &keyTransformation{}
	for _, part := range []struct {
		template *jinja.String
		into     *string
	}{{def.Prefix, &t.prefix}, {def.Suffix, &t.suffix}} {
		if part.template == nil {
			continue
		}
		v, err := part.template.Eval(c.ConfigEnv())
		if err != nil {
			return nil, err
		}
		if value.Truth(v) {
			*part.into = value.Str(v)
		}
	}
	return t, nil
}

type keyTransformation struct{ prefix, suffix string }

type dpathFlatten struct {
	path         []*jinja.String
	deleteOrigin bool
	replace      bool
	keys         *keyTransformation // nil: names stay
}

// Bind is rest.Transformer's.
func (t *dpathFlatten) Bind(env *jinja.Env) func(*value.Dict) error {
	vars := configOnly(env)
	var path *dpath.Path
	wild := false
	return func(record *value.Dict) error {
		if path == nil {
			segments := make([]any, len(t.path))
			for i, s := range t.path {
				var err error
				if segments[i], err = s.Eval(vars); err != nil {
					return fail("DpathFlattenFields", err)
				}
			}
			path, wild = dpath.New(segments...), slices.Contains(segments, any("*"))
		}
		if err := t.flatten(record, path, wild); err != nil {
			return fail("DpathFlattenFields", err)
		}
		return nil
	}
}

func (t *dpathFlatten) flatten(record *value.Dict, path *dpath.Path, wild bool) error {
	found, err := t.find(record, path, wild)
	if err != nil {
		return err
	}
	object, ok := found.(*value.Dict)
	if !ok {
		return nil
	}
	if t.keys != nil {
		object = rename(object, func(k string) string { return t.keys.prefix + k + t.keys.suffix }, nil)
	}
	if t.replace && object.Len() > 0 {
		out := value.NewDict(object.Len())
		if object != record { // emptied before it is put into itself
			update(out, object)
		}
		*record = *out
		return nil
	}
	for _, key := range object.Keys() {
		if _, taken := record.Get(key); taken {
			return nil
		}
	}
	if t.deleteOrigin {
		if n, err := path.Delete(record); err != nil || n == 0 {
			return errors.Join(err, missing(n))
		}
	}
	update(record, object)
	return nil
}

func missing(n int) error {
	if n == 0 {
		return dpath.ErrNotFound
	}
	return nil
}

// find gives the value at the path; nil where there is none.
func (t *dpathFlatten) find(record *value.Dict, path *dpath.Path, wild bool) (any, error) {
	if wild {
		all, err := path.Values(record)
		if len(all) == 0 {
			return nil, err
		}
		return all[0], err
	}
	v, err := path.Get(record)
	if errors.Is(err, dpath.ErrNotFound) {
		return nil, nil
	}
	return v, err
}

func update(into, from *value.Dict) {
	for k, v := range from.All() {
		into.Set(k, v)
	}
}
