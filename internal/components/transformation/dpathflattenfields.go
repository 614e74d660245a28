package transformation

import (
	"errors"
	"slices"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// dpathFlattenFieldsDefinition configures DpathFlattenFields, which copies the members of one
// object to the top of the record.
//
//	type: DpathFlattenFields
//	field_path: [data, "*", attributes]
//	delete_origin_value: true
//	replace_record: false
//	key_transformation: {type: KeyTransformation, prefix: "attribute_"}
//
// If the record already has a member of one of their names, nothing is copied. A path with "*"
// means its first match. The path's templates know config.
type dpathFlattenFieldsDefinition struct {
	FieldPath    []*jinja.String `manifest:"field_path,required" doc:"The path of the object."`
	DeleteOrigin bool            `manifest:"delete_origin_value" doc:"Removes the object from where it was."`
	Replace      bool            `manifest:"replace_record" doc:"The object's members become the whole record."`
	Keys         *manifest.Node  `manifest:"key_transformation,is=KeyTransformation" doc:"How the members' names change."`
}

func buildDpathFlattenFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def dpathFlattenFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &dpathFlattenFields{path: def.FieldPath, deleteOrigin: def.DeleteOrigin, replace: def.Replace}
	var err error
	t.keys, err = manifest.BuildOptional[*keyTransformation](c, def.Keys)
	return t, err
}

// keyTransformationDefinition configures the names that DpathFlattenFields gives to what it copies.
//
//	type: KeyTransformation
//	prefix: "attribute_"
//	suffix: "_{{ config['region'] }}"
//
// Both templates know config.
type keyTransformationDefinition struct {
	Prefix *jinja.String `manifest:"prefix" doc:"What comes before each name."`
	Suffix *jinja.String `manifest:"suffix" doc:"What comes after each name."`
}

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

type dpathFlattenFields struct {
	anyMember
	path         []*jinja.String
	deleteOrigin bool
	replace      bool
	keys         *keyTransformation // nil: names do not change
}

// Bind is contract.Transformer's.
func (t *dpathFlattenFields) Bind(env *jinja.Env) func(*value.Dict) error {
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

func (t *dpathFlattenFields) flatten(record *value.Dict, path *dpath.Path, wild bool) error {
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
		if object != record { // an object that replaces itself ends up empty
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
		switch n, err := path.Delete(record); {
		case err != nil:
			return err
		case n == 0:
			return dpath.ErrNotFound
		}
	}
	update(record, object)
	return nil
}

// find returns the value at the path; nil if there is none.
func (t *dpathFlattenFields) find(record *value.Dict, path *dpath.Path, wild bool) (any, error) {
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
