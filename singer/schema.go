package singer

import (
	"slices"

	"anytap/value"
)

// constraints are the schema words that a target checks and that data may break; a tap that passes records on as they
// came must not promise them.
var constraints = []string{
	"$schema", "additionalProperties", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
	"exclusiveMaximum", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "multipleOf",
}

// loosen makes a schema that every target takes: no constraints, and null allowed everywhere but in keys.
func loosen(schema *value.Dict, keys []string) *value.Dict {
	d := value.NewDict(schema.Len())
	for name, v := range schema.All() {
		switch {
		case name == "properties":
			d.Set(name, loosenProperties(v, keys))
		case name == "items":
			d.Set(name, loosenValue(v))
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

func nullable(schema *value.Dict) {
	switch t, _ := schema.Get("type"); t := t.(type) {
	case string:
		if t != "null" {
			schema.Set("type", value.NewList(t, "null"))
		}
	case *value.List:
		for _, item := range t.All() {
			if item == "null" {
				return
			}
		}
		types := t.Clone()
		types.Append("null")
		schema.Set("type", types)
	}
}
