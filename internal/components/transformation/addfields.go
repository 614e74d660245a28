package transformation

import (
	"fmt"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// AddFields sets fields of a record to what templates give.
//
//	type: AddFields
//	fields:
//	  - path: ["shop", "id"]
//	    value: "{{ config['shop_id'] }}"
//	    value_type: string
//	condition: "{{ value is not none }}"
//
// The path is no template; what is missing on its way is made. The value is typed as a Python literal, or only as value_type says.
// Templates know config, record and stream_slice, the condition also the field's value and path; it is asked for each field.

type addFieldsDefinition struct {
	Fields    []*manifest.Node `manifest:"fields,required,of=AddedFieldDefinition" doc:"the fields to set, in this order"`
	Condition *jinja.Bool      `manifest:"condition" doc:"a field is set only where this holds; it may look at value and path"`
}

type addedFieldDefinition struct {
	Path  []string      `manifest:"path,required" doc:"names and indices of the way to the field"`
	Value *jinja.String `manifest:"value,required" doc:"what the field becomes"`
	Type  string        `manifest:"value_type,enum=string|number|integer|boolean" doc:"the only type that the value's text is read as"`
}

func buildAddFields(c *manifest.Compiler, n *manifest.Node) (rest.Transformer, error) {
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
		if err := notEmpty(f.path); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func buildAddedField(c *manifest.Compiler, n *manifest.Node) (*addedField, error) {
	var def addedFieldDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	f := &addedField{path: def.Path, value: def.Value, types: pythonTypes[def.Type]}
	if _, ok := def.Value.Const(); ok {
		if v, err := def.Value.EvalTypes(nil, f.types...); err == nil {
			f.fixed, f.isFixed = v, true
		}
	}
	return f, nil
}

// pythonTypes are the types that a value_type lets a literal have; in Python True is an int as well.
var pythonTypes = map[string][]string{
	"string":  {"str"},
	"number":  {"float"},
	"integer": {"int", "bool"},
	"boolean": {"bool"},
}

// addedField is one field to set.
type addedField struct {
	path    []string
	value   *jinja.String
	types   []string
	fixed   any // the value of a template without variables
	isFixed bool
}

type addFields struct {
	fields    []*addedField
	condition *jinja.Bool // nil: always
}

// Touches names the record's members that the templates read and those that are set.
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

// Bind is rest.Transformer's.
func (t *addFields) Bind(env *jinja.Env) func(*value.Dict) error {
	plain, asking := env.Child(), (*jinja.Env)(nil)
	if t.condition != nil {
		asking = plain.Child()
	}
	return func(record *value.Dict) error {
		plain.Set("record", record)
		for _, f := range t.fields {
			if err := t.add(f, record, plain, asking); err != nil {
				return fail("AddFields", err)
			}
		}
		return nil
	}
}

func (t *addFields) add(f *addedField, record *value.Dict, plain, asking *jinja.Env) error {
	v := f.fixed
	if f.isFixed {
		v = value.Clone(v)
	} else {
		var err error
		if v, err = f.value.EvalTypes(plain, f.types...); err != nil {
			return err
		}
	}
	if asking != nil {
		holds, err := t.condition.Eval(asking.Set("value", v).Set("path", value.FromGo(f.path)))
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
