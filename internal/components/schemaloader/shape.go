package schemaloader

import (
	"math/big"
	"time"

	"anytap/internal/value"
)

// shape is what an InferredSchemaLoader saw of the values of one field.
type shape struct {
	boolean, integer, number, text, list, object bool
	// other says that a text was no date-time of RFC 3339.
	other   bool
	members map[string]*shape
	names   []string // of members, in the order of their appearance
	items   *shape
}

// deepest is how many levels down values are looked at. Below that, objects and lists may hold
// anything.
const deepest = 32

// add notes a value.
func (s *shape) add(v any, depth int) {
	switch v := v.(type) {
	case bool:
		s.boolean = true
	case int64:
		s.integer = true
	case *big.Int, float64:
		s.number = true
	case string:
		s.text = true
		if !s.other {
			_, err := time.Parse(time.RFC3339, v)
			s.other = err != nil
		}
	case *value.List:
		s.list = true
		if depth == deepest {
			return
		}
		if s.items == nil {
			s.items = &shape{}
		}
		for _, item := range v.All() {
			s.items.add(item, depth+1)
		}
	case *value.Dict:
		s.object = true
		if depth == deepest {
			return
		}
		for name, member := range v.All() {
			s.member(name).add(member, depth+1)
		}
	}
}

func (s *shape) member(name string) *shape {
	m := s.members[name]
	if m == nil {
		m = &shape{}
		if s.members == nil {
			s.members = map[string]*shape{}
		}
		s.members[name] = m
		s.names = append(s.names, name)
	}
	return m
}

// schema is the JSON schema of what was seen. A field that was always null may be anything.
func (s *shape) schema() *value.Dict {
	types := value.NewList("null")
	for _, t := range []struct {
		name string
		seen bool
	}{
		{"boolean", s.boolean}, {"integer", s.integer && !s.number}, {"number", s.number}, {"string", s.text},
		{"array", s.list}, {"object", s.object},
	} {
		if t.seen {
			types.Append(t.name)
		}
	}
	if types.Len() == 1 {
		return value.DictOf("type", value.NewList("null", "boolean", "number", "string", "array", "object"))
	}
	d := value.DictOf("type", types)
	if s.text && !s.other && types.Len() == 2 {
		d.Set("format", "date-time")
	}
	if s.object {
		properties := value.NewDict(len(s.names))
		for _, name := range s.names {
			properties.Set(name, s.members[name].schema())
		}
		d.Set("properties", properties)
		d.Set("additionalProperties", true)
	}
	if s.list {
		items := value.NewDict(0)
		if s.items != nil && s.items.known() {
			items = s.items.schema()
		}
		d.Set("items", items)
	}
	return d
}

// known reports whether anything but null was seen.
func (s *shape) known() bool {
	return s.boolean || s.integer || s.number || s.text || s.list || s.object
}
