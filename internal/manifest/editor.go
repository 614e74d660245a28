package manifest

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"anytap/internal/value"
)

// EditorSchema is a JSON Schema by which editors complete and check manifests of a table's
// components. It demands no field: $parameters and $ref may fill in any, and types may be left out.
func EditorSchema(table Table) *value.Dict {
	definitions := value.DictOf("reference", value.DictOf("description", "A reference such as #/definitions/requester.", "anyOf", value.NewList(
		value.DictOf("type", "string", "pattern", "^#/"), value.DictOf("type", "object", "required", value.NewList(refKey)))))
	e := &editorSchema{table: table}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if entry := table[name]; entry.Definition != nil {
			definitions.Set(name, e.component(name, entry))
		}
	}
	return value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "title", "Airbyte low-code manifest, as anytap runs it",
		"allOf", value.NewList(value.DictOf("$ref", "#/definitions/"+rootType)), "definitions", definitions)
}

type editorSchema struct{ table Table }

// component is the schema of one entry of the table.
func (e *editorSchema) component(name string, entry Entry) *value.Dict {
	t := reflect.TypeOf(entry.Definition())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	def, err := newDefinition(t)
	if err != nil {
		panic(err) // a test of the table finds it
	}
	if entry.Type != "" {
		name = entry.Type
	}
	properties := e.fields(def)
	if !def.untyped && name != rootType {
		properties.Set("type", value.DictOf("const", name))
	}
	return value.DictOf("type", "object", "properties", properties)
}

func (e *editorSchema) fields(def *definition) *value.Dict {
	properties := value.NewDict(len(def.fields) + 2)
	for _, f := range def.fields {
		s := e.field(f)
		if f.doc != "" {
			s.Set("description", f.doc)
		}
		properties.Set(f.name, s)
	}
	properties.Set(parametersKey, value.DictOf("type", "object", "description", "Values for this component and those in it."))
	properties.Set(refKey, value.DictOf("type", "string", "pattern", "^#/"))
	return properties
}

func (e *editorSchema) field(f *field) *value.Dict {
	if f.inline != nil {
		inner := value.DictOf("type", "object", "properties", e.fields(f.inline))
		return value.DictOf("anyOf", value.NewList(inner, value.DictOf("type", "array", "items", inner), referenceSchema()))
	}
	if len(f.enum) > 0 {
		return value.DictOf("anyOf", value.NewList(value.DictOf("enum", value.FromGo(f.enum)), value.DictOf("type", "array"), referenceSchema()))
	}
	return e.union(f.shapes)
}

func (e *editorSchema) union(shapes []shape) *value.Dict {
	all := value.NewList()
	for _, s := range shapes {
		if s.name == "any" {
			return value.NewDict(1)
		}
		all.Append(e.shape(s))
	}
	all.Append(referenceSchema())
	return value.DictOf("anyOf", all)
}

func (e *editorSchema) shape(s shape) *value.Dict {
	switch {
	case s.list:
		return value.DictOf("type", "array", "items", e.union(s.of))
	case s.dict:
		return value.DictOf("type", "object", "additionalProperties", e.union(s.of))
	case !s.isComponent():
		return value.DictOf("type", s.name)
	}
	if entry, ok := e.table[s.name]; ok && entry.Definition != nil {
		return value.DictOf("$ref", "#/definitions/"+s.name)
	}
	if strings.HasPrefix(s.name, "Custom") {
		return value.DictOf("type", "object", "properties", value.DictOf("type", value.DictOf("const", s.name)), "required", value.NewList("class_name"))
	}
	return value.DictOf("type", "object")
}

func referenceSchema() *value.Dict { return value.DictOf("$ref", "#/definitions/reference") }
