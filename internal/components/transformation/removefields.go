package transformation

import (
	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// removeFieldsDefinition configures RemoveFields, which removes fields of a record.
//
//	type: RemoveFields
//	field_pointers:
//	  - [path, to, field]
//	  - [lists, "*", field]
//	condition: "{{ property == '' }}"
//
// Pointers are globs. Fields that a record lacks do not matter. With a condition the pointers have
// no effect, as in the reference runtime: every value for which it holds is removed, unless that is
// an object or a list. The condition knows config and, as property, the value.
type removeFieldsDefinition struct {
	Condition *jinja.Bool `manifest:"condition" doc:"Only values that this holds for are removed, wherever they are."`
	Pointers  [][]string  `manifest:"field_pointers,required" doc:"The paths of the fields to remove."`
}

func buildRemoveFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def removeFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := &removeFields{}
	for _, p := range def.Pointers {
		t.paths = append(t.paths, dpath.Of(p))
	}
	if def.Condition != nil && def.Condition.Source() != "" {
		// Compiled again because the condition must not see $parameters.
		condition, err := jinja.CompileBool(def.Condition.Source(), nil)
		if condition == nil {
			return nil, err
		}
		t.condition = condition
	}
	return t, nil
}

type removeFields struct {
	anyMember
	paths     []*dpath.Path
	condition *jinja.Bool // nil: none
}

// Bind is contract.Transformer's.
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
	vars := configOnly(env)
	holds := func(v any) (bool, error) { return t.condition.Eval(vars.Set("property", v)) }
	return func(record *value.Dict) error {
		for _, p := range t.paths {
			if _, err := p.DeleteLeaves(record, holds); err != nil {
				return fail("RemoveFields", err)
			}
		}
		return nil
	}
}
