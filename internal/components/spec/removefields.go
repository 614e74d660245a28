package spec

import (
	"errors"
	"fmt"
	"time"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// RemoveFieldsDefinition configures ConfigRemoveFields, which removes fields of a configuration.
//
//	type: ConfigRemoveFields
//	field_pointers: [[old_key]]
//	condition: "{{ 'new_key' in config }}"
//
// The pointers are globs. A field that is not there is no error. The condition knows config.
type RemoveFieldsDefinition struct {
	Pointers  [][]string  `manifest:"field_pointers,required" doc:"The paths of the fields; names may be globs."`
	Condition *jinja.Bool `manifest:"condition" doc:"The fields are removed only where this holds."`
}

// BuildRemoveFields builds a ConfigRemoveFields.
func BuildRemoveFields(c *manifest.Compiler, n *manifest.Node) (*RemoveFields, error) {
	var def RemoveFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &RemoveFields{now: c.Now}
	if def.Condition != nil && def.Condition.Source() != "" {
		t.condition = def.Condition
	}
	for _, pointer := range def.Pointers {
		t.paths = append(t.paths, dpath.Of(pointer))
	}
	return t, nil
}

// RemoveFields is a ConfigRemoveFields.
type RemoveFields struct {
	now       func() time.Time
	paths     []*dpath.Path
	condition *jinja.Bool // nil: always
}

// transform is transformation's.
func (t *RemoveFields) transform(config *value.Dict) error {
	if t.condition != nil {
		holds, err := t.condition.Eval(jinja.NewEnv(t.now).Set("config", config))
		if err != nil {
			return fmt.Errorf("ConfigRemoveFields: condition: %w", err)
		}
		if !holds {
			return nil
		}
	}
	for _, path := range t.paths {
		if _, err := path.Delete(config); err != nil && !errors.Is(err, dpath.ErrNotFound) {
			return fmt.Errorf("ConfigRemoveFields: %w", err)
		}
	}
	return nil
}
