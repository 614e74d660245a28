// Package transformation holds the transformations: what changes a record between the API and the destination. Each
// is compiled once; a record's members that a transformation does not name stay the raw text that came.
package transformation

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// Table names the components of this package.
func Table() manifest.Table {
	return manifest.Table{
		"AddFields":            {Build: manifest.As(buildAddFields), Definition: func() any { return addFieldsDefinition{} }},
		"AddedFieldDefinition": {Build: manifest.As(buildAddedField), Definition: func() any { return addedFieldDefinition{} }},
		"RemoveFields":         {Build: manifest.As(buildRemoveFields), Definition: func() any { return removeFieldsDefinition{} }},
		"KeysToLower":          {Build: manifest.As(buildKeysToLower), Definition: func() any { return keysToLowerDefinition{} }},
		"KeysToSnakeCase":      {Build: manifest.As(buildKeysToSnakeCase), Definition: func() any { return keysToSnakeCaseDefinition{} }},
		"KeysReplace":          {Build: manifest.As(buildKeysReplace), Definition: func() any { return keysReplaceDefinition{} }},
		"FlattenFields":        {Build: manifest.As(buildFlattenFields), Definition: func() any { return flattenFieldsDefinition{} }},
		"DpathFlattenFields":   {Build: manifest.As(buildDpathFlattenFields), Definition: func() any { return dpathFlattenDefinition{} }},
		"KeyTransformation":    {Build: manifest.As(buildKeyTransformation), Definition: func() any { return keyTransformationDefinition{} }},
	}
}

// configOnly makes an Env that knows the config of another one and nothing else.
func configOnly(env *jinja.Env) *jinja.Env {
	only := jinja.NewEnv(env.Now)
	if config, ok := env.Get("config"); ok {
		only.Set("config", config)
	}
	return only
}

// fail wraps what ended a transformation.
func fail(name string, err error) error {
	return fmt.Errorf("transform a record by %s: %w", name, rest.TemplateError(err))
}

// rename gives a dict with every key changed, the last of equal keys counting, as in a Python dict. into changes values that
// are dicts themselves; nil: they stay as they are.
func rename(d *value.Dict, key func(string) string, into func(*value.Dict) *value.Dict) *value.Dict {
	out := value.NewDict(d.Len())
	for k, v := range d.All() {
		if inner, ok := v.(*value.Dict); ok && into != nil {
			v = into(inner)
		}
		out.Set(key(k), v)
	}
	return out
}

func notEmpty(path []string) error {
	if len(path) == 0 {
		return fmt.Errorf("the path of a field to add is empty")
	}
	return nil
}
