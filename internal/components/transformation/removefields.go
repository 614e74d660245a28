package transformation

import (
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// RemoveFields removes fields of a record; those it lacks do not matter.
//
//	type: RemoveFields
//	field_pointers:
//	  - ["path", "to", "field"]
//	  - ["lists", "*", "field"]
//	condition: "{{ property == '' }}"
//
// Pointers are globs. With a condition the pointers do not count, as in the reference runtime: every value that is no container
// and that the condition holds for is removed. Conditions know config and property, that value.

type removeFieldsDefinition struct {
	Condition *jinja.Bool `manifest:"condition" doc:"only values that this holds for are removed, wherever they are"`
	Pointers  [][]string  `manifest:"field_pointers,required" doc:"the paths of the fields to remove"`
}

func buildRemoveFields(c *manifest.Compiler, n *manifest.Node) (rest.Transformer, error) {
	var def removeFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &removeFields{}
	for _, p := range def.Pointers {
		t.paths = append(t.paths, dpath.Of(p))
	}
	if def.Condition != nil && def.Condition.Source() != "" {
		// The condition sees no $parameters.
		condition, err := jinja.CompileBool(def.Condition.Source(), nil)
		if condition == nil {
			return nil, err
		}
		t.condition = condition
	}
	return t, nil
}

type removeFields struct {
	paths     []*dpath.Path
	condition *jinja.Bool // nil: none
}

// Bind is rest.Transformer's.
func (t *removeFields) Bind(env *jinja.Env) func(*value.Dict) error {
	if t.condition == nil {
		return func(record *value.Dict) error {
			for _, p := range t.paths {
				if _, err := p.Delete(record); err != nil {
					return fail("RemoveFields", err)
				}
			}
			return nil
		}
	}
	asking := configOnly(env)
	holds := func(v any) (bool, error) { return t.condition.Eval(asking.Set("property", v)) }
	return func(record *value.Dict) error {
		for _, p := range t.paths {
			if _, err := p.DeleteLeaves(record, holds); err != nil {
				return fail("RemoveFields", err)
			}
		}
		return nil
	}
}
