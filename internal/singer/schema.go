package singer

import (
	"slices"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// constraints are the words of JSON Schema that a target checks and that records may break. A tap
// that passes records on as they came can not promise them.
var constraints = []string{
	"$schema", "additionalProperties", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
	"exclusiveMaximum", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "multipleOf",
	"not", "if", "then", "else", "contains", "dependencies", "propertyNames",
}

// tableSchema is the schema of a stream as targets need it: without constraints, and with the keys
// and the replication key, which a table must have.
func tableSchema(s *tap.Stream, schema *value.Dict) *value.Dict {
	keys := keyProperties(s)
	d := loosen(schema, keys)
	properties := dict(d, "properties")
	if properties == nil {
		properties = value.NewDict(0)
		d.Set("type", "object")
		d.Set("properties", properties)
	}
	for _, name := range keys {
		if _, ok := properties.Get(name); !ok {
			properties.Set(name, value.DictOf("type", value.NewList("string", "integer")))
		}
	}
	if len(s.CursorField) == 0 {
		return d
	}
	if _, ok := properties.Get(s.CursorField[0]); !ok {
		types := value.NewList("string", "number", "null")
		if len(s.CursorField) > 1 {
			types = value.NewList("object", "null")
		}
		properties.Set(s.CursorField[0], value.DictOf("type", types))
	}
	return d
}

// loosen makes a schema that every target accepts: it has no constraints, and null is allowed
// everywhere but in keys.
func loosen(schema *value.Dict, keys []string) *value.Dict {
	d := value.NewDict(schema.Len())
	for name, v := range schema.All() {
		switch {
		case name == "properties":
			d.Set(name, loosenProperties(v, keys))
		case name == "items" || name == "allOf" || name == "anyOf":
			d.Set(name, loosenValue(v))
		case name == "oneOf": // without constraints a value may fit several options
			d.Set("anyOf", loosenValue(v))
		case !slices.Contains(constraints, name):
			d.Set(name, v)
		}
	}
	if _, ok := d.Get("type"); !ok {
		if _, ok := d.Get("properties"); ok {
			d.Set("type", "object")
		}
	}
	return d
}

func loosenProperties(v any, keys []string) any {
	properties, ok := v.(*value.Dict)
	if !ok {
		return v
	}
	d := value.NewDict(properties.Len())
	for name, property := range properties.All() {
		property = loosenValue(property)
		if p, ok := property.(*value.Dict); ok && !slices.Contains(keys, name) {
			nullable(p)
		}
		d.Set(name, property)
	}
	return d
}

func loosenValue(v any) any {
	switch v := v.(type) {
	case *value.Dict:
		return loosen(v, nil)
	case *value.List:
		l := value.NewList()
		for _, item := range v.All() {
			l.Append(loosenValue(item))
		}
		return l
	}
	return v
}

// nullable allows null beside the types of a schema. Where null is the only type, the schema was
// made from a sample without a value: anything may come, so the type is removed.
func nullable(schema *value.Dict) {
	var types *value.List
	switch t, _ := schema.Get("type"); t := t.(type) {
	case string:
		types = value.NewList(t)
	case *value.List:
		types = t.Clone()
	default:
		orNull(schema)
		return
	}
	others := slices.ContainsFunc(types.Values(), func(t any) bool { return t != "null" })
	switch {
	case !others:
		schema.Delete("type")
	case !slices.Contains(types.Values(), any("null")):
		types.Append("null")
		schema.Set("type", types)
	}
}

// orNull allows null in a schema that has options in place of a type.
func orNull(schema *value.Dict) {
	v, _ := schema.Get("anyOf")
	options, ok := v.(*value.List)
	if !ok {
		return
	}
	for _, option := range options.Values() {
		if d, ok := option.(*value.Dict); ok && (text(d, "type") == "null" || slices.Contains(list(d, "type").Values(), any("null"))) {
			return
		}
	}
	options.Append(value.DictOf("type", "null"))
}
