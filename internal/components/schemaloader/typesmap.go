package schemaloader

import (
	"errors"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// typesMapDefinition configures TypesMap: what a type of the API means.
//
//	type: TypesMap
//	current_type: number
//	target_type: integer
//	condition: "{{ raw_schema['decimals'] == 0 }}"
//
// A list of two types means either of them. The condition knows config and, as raw_schema, the
// field's description.
type typesMapDefinition struct {
	_         struct{}       `manifest:",typeoptional"`
	Target    *manifest.Node `manifest:"target_type,required,is=string|[string]|ComplexFieldType" doc:"The type in Airbyte's words."`
	Current   any            `manifest:"current_type,required,is=string|[string]" doc:"The type in the API's words."`
	Condition *jinja.Bool    `manifest:"condition" doc:"The mapping applies only where this holds."`
}

func buildTypesMap(c *manifest.Compiler, n *manifest.Node) (*typesMap, error) {
	var def typesMapDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	m := &typesMap{current: def.Current}
	if def.Target.Kind == manifest.Map {
		var err error
		if m.complex, err = manifest.BuildAs[*complexType](c, def.Target, "ComplexFieldType"); err != nil {
			return nil, err
		}
	} else {
		m.target = def.Target.Value()
	}
	if def.Condition == nil {
		return m, nil
	}
	condition, err := jinja.CompileBool(def.Condition.Source(), nil) // it must not see $parameters
	if condition == nil {
		return nil, err
	}
	m.condition = condition
	return m, nil
}

type typesMap struct {
	current   any
	target    any
	complex   *complexType // in place of target; nil: none
	condition *jinja.Bool  // nil: always
}

// holds evaluates the condition for the description of a field.
func (m *typesMap) holds(vars *jinja.Env, field any) (bool, error) {
	if m.condition == nil {
		return true, nil
	}
	return m.condition.Eval(vars.Child().Set("raw_schema", field))
}

// complexTypeDefinition configures ComplexFieldType, a type that may have elements.
//
//	type: ComplexFieldType
//	field_type: array
//	items: integer
type complexTypeDefinition struct {
	_     struct{}       `manifest:",typeoptional"`
	Type  string         `manifest:"field_type,required" doc:"The type in Airbyte's words."`
	Items *manifest.Node `manifest:"items,is=string|ComplexFieldType" doc:"The type of the elements of an array."`
}

func buildComplexType(c *manifest.Compiler, n *manifest.Node) (*complexType, error) {
	var def complexTypeDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &complexType{name: def.Type}
	if def.Items == nil {
		return t, nil
	}
	if text, ok := def.Items.Text(); ok {
		t.items = &complexType{name: text}
		if text == "" {
			t.items = nil
		}
	} else {
		var err error
		if t.items, err = manifest.BuildAs[*complexType](c, def.Items, "ComplexFieldType"); err != nil {
			return nil, err
		}
	}
	if t.items != nil && def.Type != "array" {
		return nil, errors.New("only an array has items")
	}
	return t, nil
}

type complexType struct {
	name  string
	items *complexType
}

func (t *complexType) schema() (*value.Dict, error) {
	d, err := airbyteType(t.name)
	if err != nil || t.items == nil {
		return d, err
	}
	items, err := t.items.schema()
	if err == nil {
		d.Set("items", items)
	}
	return d, err
}
