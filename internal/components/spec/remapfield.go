package spec

import (
	"fmt"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// RemapFieldDefinition configures ConfigRemapField, which replaces a field's value with the one
// that a map has for it.
//
//	type: ConfigRemapField
//	field_path: [credentials, kind]
//	map: {a: key, b: oauth}
//
// A value that the map does not have stays. The path and the values of the map are templates that
// know config.
type RemapFieldDefinition struct {
	Map  *manifest.Node  `manifest:"map,required,is=object|string" doc:"The new values by the old ones."`
	Path []*jinja.String `manifest:"field_path,required" doc:"The path of the field."`
}

// BuildRemapField builds a ConfigRemapField.
func BuildRemapField(c *manifest.Compiler, n *manifest.Node) (*RemapField, error) {
	var def RemapFieldDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Path) == 0 {
		return nil, n.Problem("field_path is empty, expected the names on the way to the field")
	}
	d, ok := def.Map.Value().(*value.Dict)
	if !ok {
		return nil, def.Map.Problem("is text, expected a map of new values by old ones")
	}
	m, err := jinja.CompileMapping(d, nil)
	if m == nil || err != nil && c.Strict {
		return nil, def.Map.Problem("%v", err)
	}
	return &RemapField{now: c.Now, path: def.Path, mapping: m}, nil
}

// RemapField is a ConfigRemapField.
type RemapField struct {
	now     func() time.Time
	path    []*jinja.String
	mapping *jinja.Mapping
}

// transform is transformation's.
func (t *RemapField) transform(config *value.Dict) error {
	env := jinja.NewEnv(t.now).Set("config", config)
	names := make([]any, len(t.path))
	for i, part := range t.path {
		name, err := part.Eval(env)
		if err != nil {
			return fmt.Errorf("ConfigRemapField: field_path: %w", err)
		}
		names[i] = name
	}
	last := len(names) - 1
	at := config
	for _, name := range names[:last] {
		v, _ := at.GetKey(name)
		inner, ok := v.(*value.Dict)
		if !ok {
			return nil
		}
		at = inner
	}
	mapping, err := t.mapping.Eval(env)
	if err != nil {
		return fmt.Errorf("ConfigRemapField: map: %w", err)
	}
	old, ok := at.GetKey(names[last])
	if !ok {
		return nil
	}
	if _, hashable := value.Key(old); !hashable {
		return fmt.Errorf("ConfigRemapField: the field holds a %s, expected text", value.TypeName(old))
	}
	if v, ok := mapping.GetKey(old); ok {
		at.SetKey(names[last], v)
	}
	return nil
}
