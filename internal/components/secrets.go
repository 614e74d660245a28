package components

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/value"
)

// secrets returns the texts of the configuration that its specification marks with airbyte_secret,
// and for each where it stands there, as in auth.key.
func secrets(schema, config *value.Dict) (texts, names []string) {
	f := &secretFinder{}
	f.walk(schema, config, nil)
	for _, path := range f.paths {
		names = append(names, strings.Join(path, "."))
	}
	return f.texts, names
}

// SecretSchema is as much of a specification as says which settings of a configuration are secret.
func SecretSchema(schema, config *value.Dict) *value.Dict {
	f := &secretFinder{}
	f.walk(schema, config, nil)
	out := value.DictOf("type", "object", "additionalProperties", true)
	for _, path := range f.paths {
		part, v := out, any(config)
		for _, name := range path {
			if _, ok := v.(*value.List); ok {
				part = member(part, "items")
			} else {
				part = member(member(part, "properties"), name)
			}
			v, _ = value.At(v, name)
		}
		part.Set("airbyte_secret", true)
	}
	return out
}

// member is the object that is a member of d. It is made where it is missing.
func member(d *value.Dict, name string) *value.Dict {
	inner := value.Member[*value.Dict](d, name)
	if inner == nil {
		inner = value.NewDict(1)
		d.Set(name, inner)
	}
	return inner
}

// secretFinder collects secrets while it walks through a schema and a value side by side.
type secretFinder struct {
	texts   []string
	paths   [][]string // where each of them stands
	guessed bool       // only a name says that the value may be secret
}

func (f *secretFinder) walk(schema, v any, at []string) {
	s, ok := schema.(*value.Dict)
	if !ok || v == nil {
		return
	}
	if secret, _ := s.Get("airbyte_secret"); secret == true {
		f.take(v, at)
	}
	switch v := v.(type) {
	case *value.Dict:
		f.members(s, v, at)
	case *value.List:
		items, _ := s.Get("items")
		for i, item := range v.All() {
			f.walk(items, item, below(at, strconv.Itoa(i)))
		}
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		alternatives, _ := s.Get(word)
		if list, ok := alternatives.(*value.List); ok {
			for _, alternative := range list.All() {
				f.walk(alternative, v, at)
			}
		}
	}
}

// members walks through the members of an object: those that the schema names, those whose names
// match a pattern of it, and all others.
func (f *secretFinder) members(schema, v *value.Dict, at []string) {
	given, _ := schema.Get("properties")
	properties, _ := given.(*value.Dict)
	if properties == nil {
		properties = value.NewDict(0)
	}
	others, _ := schema.Get("additionalProperties")
	for name, inner := range v.All() {
		property, named := properties.Get(name)
		if !named {
			if property, f.guessed = patternFor(schema, name); !f.guessed {
				property = others
			}
		}
		f.walk(property, inner, below(at, name))
		f.guessed = false
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

// take collects the texts in a secret value.
func (f *secretFinder) take(v any, at []string) {
	switch v := v.(type) {
	case nil:
	case *value.Dict:
		for name, item := range v.All() {
			f.take(item, below(at, name))
		}
	case *value.List:
		for i, item := range v.All() {
			f.take(item, below(at, strconv.Itoa(i)))
		}
	default:
		text := value.Str(v)
		if f.guessed && !looksSecret(text) {
			return
		}
		f.texts, f.paths = append(f.texts, text), append(f.paths, at)
	}
}

// looksSecret tells keys and tokens from words: to hide these would make messages illegible.
func looksSecret(text string) bool {
	return len(text) >= 16 || len(text) >= 8 && strings.ContainsAny(text, "0123456789")
}

func below(at []string, name string) []string { return append(slices.Clip(at), name) }
