package spec

import (
	"fmt"
	"time"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// AddFieldsDefinition configures ConfigAddFields, which sets fields of a configuration.
//
//	type: ConfigAddFields
//	fields:
//	  - {type: AddedFieldDefinition, path: [credentials, kind], value: key}
//	condition: "{{ 'credentials' not in config }}"
//
// Templates know config. The condition is evaluated for each field and also knows the field's value
// and path.
type AddFieldsDefinition struct {
	Fields    []*manifest.Node `manifest:"fields,required,of=AddedFieldDefinition" doc:"The fields to set, in this order."`
	Condition *jinja.Bool      `manifest:"condition" doc:"A field is set only where this holds; it may look at value and path."`
}

// addedDefinition configures one field of ConfigAddFields. The component AddedFieldDefinition is
// that of the transformation AddFields, whose form this is.
type addedDefinition struct {
	Path  []string      `manifest:"path,required"`
	Value *jinja.String `manifest:"value,required"`
	Type  string        `manifest:"value_type"`
}

// BuildAddFields builds a ConfigAddFields.
func BuildAddFields(c *manifest.Compiler, n *manifest.Node) (*AddFields, error) {
	var def AddFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &AddFields{now: c.Now}
	if def.Condition != nil && def.Condition.Source() != "" {
		t.condition = def.Condition
	}
	for _, f := range def.Fields {
		var field addedDefinition
		if err := manifest.Decode(c, f, &field); err != nil {
			return nil, err
		}
		if len(field.Path) == 0 {
			return nil, f.Problem("path is empty, expected the names on the way to the field")
		}
		t.fields = append(t.fields, added{field.Path, field.Value, manifest.LiteralTypes(field.Type)})
	}
	return t, nil
}

// added is one field to set.
type added struct {
	path  []string
	value *jinja.String
	types []string
}

// AddFields is a ConfigAddFields.
type AddFields struct {
	now       func() time.Time
	fields    []added
	condition *jinja.Bool // nil: always
}

// transform is transformation's.
func (t *AddFields) transform(config *value.Dict) error {
	for _, f := range t.fields {
		env := jinja.NewEnv(t.now).Set("config", config)
		v, err := f.value.EvalTypes(env, f.types...)
		if err != nil {
			return fmt.Errorf("ConfigAddFields %q: %w", f.path, err)
		}
		if t.condition != nil {
			holds, err := t.condition.Eval(env.Set("value", v).Set("path", value.FromGo(f.path)))
			if err != nil {
				return fmt.Errorf("ConfigAddFields %q: condition: %w", f.path, err)
			}
			if !holds {
				continue
			}
		}
		if err := dpath.Set(config, f.path, v); err != nil {
			return fmt.Errorf("ConfigAddFields: %w", err)
		}
	}
	return nil
}
