package components

import (
	"regexp"

	"anytap/internal/value"
)

// secrets returns the texts of the configuration that its specification marks with airbyte_secret.
func secrets(schema, config *value.Dict) []string {
	s := &secretFinder{}
	s.walk(schema, config)
	return s.found
}

// secretFinder collects secrets while it walks through a schema and a value side by side.
type secretFinder struct{ found []string }

func (f *secretFinder) walk(schema, v any) {
	s, ok := schema.(*value.Dict)
	if !ok || v == nil {
		return
	}
	if secret, _ := s.Get("airbyte_secret"); secret == true {
		f.found = append(f.found, textsOf(v)...)
	}
	switch v := v.(type) {
	case *value.Dict:
		f.members(s, v)
	case *value.List:
		items, _ := s.Get("items")
		for _, item := range v.All() {
			f.walk(items, item)
		}
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		alternatives, _ := s.Get(word)
		if list, ok := alternatives.(*value.List); ok {
			for _, alternative := range list.All() {
				f.walk(alternative, v)
			}
		}
	}
}

// members walks through the members of an object: those that the schema names, those whose names
// match a pattern of it, and all others.
func (f *secretFinder) members(schema, v *value.Dict) {
	given, _ := schema.Get("properties")
	properties, _ := given.(*value.Dict)
	if properties == nil {
		properties = value.NewDict(0)
	}
	others, _ := schema.Get("additionalProperties")
	for name, inner := range v.All() {
		property, named := properties.Get(name)
		if !named {
			if property, named = patternFor(schema, name); !named {
				property = others
			}
		}
		f.walk(property, inner)
	}
}

// patternFor gives the schema of the members whose names match a pattern. A pattern that is not
// understood matches nothing.
func patternFor(schema *value.Dict, name string) (property any, ok bool) {
	patterns, _ := schema.Get("patternProperties")
	d, isDict := patterns.(*value.Dict)
	if !isDict {
		return nil, false
	}
	for pattern, property := range d.All() {
		if matches, err := regexp.Compile(pattern); err == nil && matches.MatchString(name) {
			return property, true
		}
	}
	return nil, false
}

// textsOf returns the texts in a secret value.
func textsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case *value.Dict:
		var all []string
		for _, item := range v.All() {
			all = append(all, textsOf(item)...)
		}
		return all
	case *value.List:
		var all []string
		for _, item := range v.All() {
			all = append(all, textsOf(item)...)
		}
		return all
	case nil:
		return nil
	}
	return []string{value.Str(v)}
}
