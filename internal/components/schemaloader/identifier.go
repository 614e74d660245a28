package schemaloader

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// SchemaTypeIdentifier says where the fields' descriptions are, and in each of them name and type.
//
//	type: SchemaTypeIdentifier
//	schema_pointer: ["fields"]
//	key_pointer: ["name"]
//	type_pointer: ["kind"]
//	types_mapping:
//	  - type: TypesMap
//	    current_type: money
//	    target_type: number
//
// Without type_pointer all fields are text.

type identifierDefinition struct {
	_       struct{}         `manifest:",typeoptional"`
	Schema  []*jinja.String  `manifest:"schema_pointer" doc:"the way to the list of fields; empty: the record itself"`
	Key     []*jinja.String  `manifest:"key_pointer,required" doc:"the way to a field's name"`
	Type    []*jinja.String  `manifest:"type_pointer" doc:"the way to a field's type"`
	Mapping []*manifest.Node `manifest:"types_mapping,of=TypesMap" doc:"what the API's types are here"`
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

// fields are the descriptions of the fields in a record.
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

// property gives a field's name and schema.
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

// schemaOf makes a schema of the API's type.
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

// airbyteType gives the schema of one of Airbyte's types.
func airbyteType(name string) (*value.Dict, error) {
	t, ok := airbyteTypes[name]
	if !ok {
		return nil, fmt.Errorf("%q is no type of Airbyte's", name)
	}
	d := value.DictOf("type", value.NewList("null", t.typ))
	if t.format != "" {
		d.Set("format", t.format)
	}
	if t.named {
		d.Set("airbyte_type", name)
	}
	return d, nil
}

// airbyteTypes are the types that a field may have, in the order of Airbyte's documentation.
var airbyteTypes = map[string]struct {
	typ, format string
	named       bool // the name stands in the schema as well
}{
	"string":                     {typ: "string"},
	"boolean":                    {typ: "boolean"},
	"date":                       {typ: "string", format: "date"},
	"timestamp_without_timezone": {typ: "string", format: "date-time", named: true},
	"timestamp_with_timezone":    {typ: "string", format: "date-time"},
	"time_without_timezone":      {typ: "string", format: "time", named: true},
	"time_with_timezone":         {typ: "string", format: "time", named: true},
	"integer":                    {typ: "integer"},
	"number":                     {typ: "number"},
	"array":                      {typ: "array"},
	"object":                     {typ: "object"},
}
