package schemaloader

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// identifierDefinition configures SchemaTypeIdentifier: where a DynamicSchemaLoader finds the
// fields, their names and types.
//
//	type: SchemaTypeIdentifier
//	schema_pointer: [fields]
//	key_pointer: [name]
//	type_pointer: [kind]
//	types_mapping:
//	  - {type: TypesMap, current_type: money, target_type: number}
//
// Without a type_pointer all fields are strings.
type identifierDefinition struct {
	_       struct{}         `manifest:",typeoptional"`
	Schema  []*jinja.String  `manifest:"schema_pointer" doc:"The path of the list of fields; empty: the record itself."`
	Key     []*jinja.String  `manifest:"key_pointer,required" doc:"The path of the name in a field's description."`
	Type    []*jinja.String  `manifest:"type_pointer" doc:"The path of the type in a field's description."`
	Mapping []*manifest.Node `manifest:"types_mapping,of=TypesMap" doc:"What the API's types mean; the first that applies counts."`
}

func buildIdentifier(c *manifest.Compiler, n *manifest.Node) (*identifier, error) {
	var def identifierDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	i := &identifier{schema: def.Schema, key: def.Key, typ: def.Type, vars: c.ConfigEnv()}
	for _, m := range def.Mapping {
		t, err := manifest.BuildAs[*typesMap](c, m, "TypesMap")
		if err != nil {
			return nil, err
		}
		i.mapping = append(i.mapping, t)
	}
	return i, nil
}

type identifier struct {
	schema, key, typ pointer
	mapping          []*typesMap
	vars             *jinja.Env
}

// fields returns the descriptions of the fields in a record. Like a Python loop, it takes the keys
// of an object and the letters of a text.
func (i *identifier) fields(record *value.Dict) ([]any, error) {
	v, err := i.schema.get(record, i.vars, nil)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *value.List:
		return v.Values(), nil
	case *value.Dict:
		keys := make([]any, 0, v.Len())
		for key := range v.AllKeys() {
			keys = append(keys, key)
		}
		return keys, nil
	case string:
		var letters []any
		for _, r := range v {
			letters = append(letters, string(r))
		}
		return letters, nil
	}
	return nil, fmt.Errorf("the fields at schema_pointer are a %s, not a list", value.TypeName(v))
}

// property returns the name and the schema of a field.
func (i *identifier) property(field any, vars *jinja.Env) (string, *value.Dict, error) {
	v, err := i.key.get(field, vars, nil)
	if err != nil {
		return "", nil, err
	}
	key, ok := v.(string)
	if !ok {
		return "", nil, fmt.Errorf("a field's name is a %s, not text", value.TypeName(v))
	}
	typ := any("string")
	if len(i.typ) > 0 {
		if typ, err = i.typ.get(field, vars, "string"); err != nil {
			return "", nil, err
		}
	}
	schema, err := i.schemaOf(typ, field, vars)
	if err != nil {
		return "", nil, fmt.Errorf("field %q: %w", key, err)
	}
	return key, schema, nil
}

// schemaOf returns the schema for a type of the API.
func (i *identifier) schemaOf(typ, field any, vars *jinja.Env) (*value.Dict, error) {
	for _, m := range i.mapping {
		holds, err := m.holds(vars, field)
		if err != nil {
			return nil, err
		}
		if holds && value.Equal(typ, m.current) {
			if m.complex != nil {
				return m.complex.schema()
			}
			typ = m.target
			break
		}
	}
	switch t := typ.(type) {
	case string:
		return airbyteType(t)
	case *value.List:
		first, ok := t.At(0).(string)
		second, okToo := t.At(1).(string)
		if t.Len() != 2 || !ok || !okToo {
			break
		}
		a, err := airbyteType(first)
		if err != nil {
			return nil, err
		}
		b, err := airbyteType(second)
		if err != nil {
			return nil, err
		}
		return value.DictOf("oneOf", value.NewList(a, b)), nil
	}
	return nil, fmt.Errorf("the type %s is neither text nor a list of two texts", value.Repr(typ))
}
