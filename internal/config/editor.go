package config

import (
	"slices"

	"anytap/internal/fit"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// EditorSchema is a JSON Schema by which editors complete and check configurations of a
// specification. Where a setting is no free text, a reference (${NAME}) may stand in its place.
func EditorSchema(spec *tap.Spec) *value.Dict {
	d := spec.Connection.Clone()
	d.Set("$schema", "http://json-schema.org/draft-07/schema#")
	d.Delete("x-anytap-elsewhere")
	if properties := value.Member[*value.Dict](d, "properties"); properties != nil {
		for name, v := range properties.All() {
			loosen(name, v)
		}
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		loosen(word, value.NewList(listIn(d, word)...))
	}
	return d
}

// values are the keywords that hold values and no schemas.
var values = []string{"default", "examples", "enum", "const", "required"}

// narrow are the keywords that say more of a scalar than its type.
var narrow = []string{"type", "enum", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"}

// loosen makes the schemas of scalars in v take references too.
func loosen(name string, v any) {
	if slices.Contains(values, name) {
		return
	}
	switch v := v.(type) {
	case *value.List:
		for _, item := range v.All() {
			loosen("", item)
		}
	case *value.Dict:
		for name, inner := range v.All() {
			loosen(name, inner)
		}
		if !isNarrow(v) {
			return
		}
		own := value.NewDict(4)
		for _, word := range narrow {
			if limit, ok := v.Get(word); ok {
				own.Set(word, limit)
				v.Delete(word)
			}
		}
		v.Set("anyOf", value.NewList(own, value.DictOf("type", "string", "pattern", `\$\{.*\}`)))
	}
}

// isNarrow reports whether a schema is that of a scalar which is no free text.
func isNarrow(schema *value.Dict) bool {
	types := fit.Types(schema)
	if len(types) == 0 || slices.Contains(types, "object") || slices.Contains(types, "array") {
		return false
	}
	for _, word := range []string{"anyOf", "oneOf", "const"} {
		if _, has := schema.Get(word); has {
			return false
		}
	}
	if !slices.Contains(types, "string") {
		return true
	}
	return slices.ContainsFunc(narrow[1:], func(word string) bool { _, has := schema.Get(word); return has })
}
