package transformation

import (
	"errors"
	"fmt"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// addFieldsDefinition configures AddFields, which sets fields of a record to the values of
// templates.
//
//	type: AddFields
//	fields:
//	  - {type: AddedFieldDefinition, path: [shop, id], value: "{{ config['shop_id'] }}"}
//	  - {type: AddedFieldDefinition, path: [label], value: "{{ record['name'] }} ({{ stream_slice['region'] }})"}
//	condition: "{{ value is not none }}"
//
// Templates know config, record and stream_slice. The condition is evaluated for each field and
// also knows the field's value and path.
type addFieldsDefinition struct {
	Fields    []*manifest.Node `manifest:"fields,required,of=AddedFieldDefinition" doc:"The fields to set, in this order."`
	Condition *jinja.Bool      `manifest:"condition" doc:"A field is set only where this holds; it may look at value and path."`
}

func buildAddFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def addFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	fields, err := manifest.BuildAll[*addedField](c, def.Fields)
	if err != nil {
		return nil, err
	}
	t := &addFields{fields: fields}
	if def.Condition != nil && def.Condition.Source() != "" {
		t.condition = def.Condition
	}
	for _, f := range fields {
		if len(f.path) == 0 {
			return nil, errors.New("the path of a field to add is empty")
		}
	}
	return t, nil
}

// addedFieldDefinition configures one field of AddFields.
//
//	type: AddedFieldDefinition
//	path: [shop, id]
//	value: "{{ config['shop_id'] }}"
//	value_type: string
//
// The path is not a template. Objects and lists that are missing along it are created. The text of
// the value is read as a Python literal where it is one; with a value_type, only as a literal of
// that type.
type addedFieldDefinition struct {
	Path  []string      `manifest:"path,required" doc:"The path of the field: names, and indices of lists."`
	Value *jinja.String `manifest:"value,required" doc:"What the field becomes."`
	Type  string        `manifest:"value_type,enum=string|number|integer|boolean" doc:"The only type that the value's text is read as."`
}

func buildAddedField(c *manifest.Compiler, n *manifest.Node) (*addedField, error) {
	var def addedFieldDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	f := &addedField{path: def.Path, value: def.Value, types: manifest.LiteralTypes(def.Type)}
	if _, ok := def.Value.Const(); ok {
		if v, err := def.Value.EvalTypes(nil, f.types...); err == nil {
			f.fixed, f.isFixed = v, true
		}
	}
	return f, nil
}

type addedField struct {
	path    []string
	value   *jinja.String
	types   []string
	fixed   any // the value, if it is always the same
	isFixed bool
}

type addFields struct {
	fields    []*addedField
	condition *jinja.Bool // nil: always
}

// Touches is contract.Transformer's.
func (t *addFields) Touches() (names []string, all bool) {
	for _, f := range t.fields {
		names = append(names, f.path[0])
		paths := f.value.Paths()
		if t.condition != nil {
			paths = append(paths, t.condition.Paths()...)
		}
		for _, path := range paths {
			if path[0] != "record" {
				continue
			}
			if len(path) == 1 {
				return nil, true
			}
			names = append(names, path[1])
		}
	}
	return names, false
}

// Bind is contract.Transformer's.
func (t *addFields) Bind(env *jinja.Env) func(*value.Dict) error {
	vars, conditionVars := env.Child(), (*jinja.Env)(nil)
	if t.condition != nil {
		conditionVars = vars.Child()
	}
	return func(record *value.Dict) error {
		vars.Set("record", record)
		for _, f := range t.fields {
			if err := t.add(f, record, vars, conditionVars); err != nil {
				return fail("AddFields", err)
			}
		}
		return nil
	}
}

func (t *addFields) add(f *addedField, record *value.Dict, vars, conditionVars *jinja.Env) error {
	v := f.fixed
	if f.isFixed {
		v = value.Clone(v)
	} else {
		var err error
		if v, err = f.value.EvalTypes(vars, f.types...); err != nil {
			return err
		}
	}
	if conditionVars != nil {
		holds, err := t.condition.Eval(conditionVars.Set("value", v).Set("path", value.FromGo(f.path)))
		if err != nil || !holds {
			return err
		}
	}
	if !value.Writable(v) {
		return fmt.Errorf("%s gives a %s, which can not be written as JSON", f.path, value.TypeName(v))
	}
	if len(f.path) == 1 {
		record.Set(f.path[0], v)
		return nil
	}
	return dpath.Set(record, f.path, v)
}
