package components

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"anytap/internal/python/pyre"
	"anytap/internal/redact"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// secrets returns the texts of the configuration that its specification marks with airbyte_secret,
// those whose names tell that they are secret, and the parts of both; and for each where it stands
// there, as in auth.key.
func secrets(schema, config *value.Dict) (texts, names []string) {
	f := secretsIn(schema, config)
	add := func(text, name string) {
		texts, names = append(texts, text), append(names, name)
	}
	for i, path := range f.paths {
		name := strings.Join(path, ".")
		add(f.texts[i], name)
		for n, part := range redact.Parts(f.texts[i]) {
			add(part, name+"#"+strconv.Itoa(n+1))
		}
	}
	for i, path := range f.others {
		for n, part := range redact.InAddress(f.otherTexts[i]) {
			add(part, strings.Join(path, ".")+"#"+strconv.Itoa(n+1))
		}
	}
	return texts, names
}

// allSecrets are those, and what the run says to be secret wherever it stands.
func allSecrets(schema, config *value.Dict, e tap.Environment) (texts, names []string) {
	texts, names = secrets(schema, config)
	for _, name := range slices.Sorted(maps.Keys(e.Secrets)) {
		texts, names = append(texts, e.Secrets[name]), append(names, name)
	}
	return texts, names
}

func secretsIn(schema, config *value.Dict) *secretFinder {
	f := &secretFinder{}
	f.walk(schema, config, nil)
	f.guess(config, nil, false)
	return f
}

// SecretSchema is as much of a specification as says which settings of a configuration are secret.
func SecretSchema(schema, config *value.Dict) *value.Dict {
	f := secretsIn(schema, config)
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

	// others are the texts that are not secret as a whole, and where they stand.
	otherTexts []string
	others     [][]string
}

// guess walks through all of the configuration and collects what stands at telling names.
func (f *secretFinder) guess(v any, at []string, told bool) {
	switch v := v.(type) {
	case *value.Dict:
		for name, inner := range v.All() {
			f.guess(inner, below(at, name), redact.Telling(name))
		}
	case *value.List:
		for i, item := range v.All() {
			f.guess(item, below(at, strconv.Itoa(i)), told)
		}
	case string:
		if f.guessed = told; !told || !f.take(v, at) {
			f.otherTexts, f.others = append(f.otherTexts, v), append(f.others, at)
		}
		f.guessed = false
	}
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
		p, err := pyre.Compile(pattern)
		if err != nil {
			continue
		}
		if found, err := p.Found(name); found && err == nil {
			return property, true
		}
	}
	return nil, false
}

// take collects the texts in a secret value; false: there are none.
func (f *secretFinder) take(v any, at []string) bool {
	switch v := v.(type) {
	case nil, bool:
		return false
	case *value.Dict:
		for name, item := range v.All() {
			f.take(item, below(at, name))
		}
		return true
	case *value.List:
		for i, item := range v.All() {
			f.take(item, below(at, strconv.Itoa(i)))
		}
		return true
	}
	text := value.Str(v)
	if f.guessed && (redact.Usual(text) || date().MatchString(text)) {
		return false
	}
	if !slices.ContainsFunc(f.paths, func(known []string) bool { return slices.Equal(known, at) }) {
		f.texts, f.paths = append(f.texts, text), append(f.paths, at)
	}
	return true
}

// date matches what is no credential, whatever its name.
var date = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d\d-\d\d`) })

func below(at []string, name string) []string { return append(slices.Clip(at), name) }
