package fit

import (
	"slices"

	"anytap/internal/value"
)

// Shape is what was seen of the values of one field. The zero Shape has seen nothing.
type Shape struct {
	seen kinds // none: null alone
	// large says that a whole number was so large that a fraction would cost it digits.
	large bool
	// other says that a text was no date-time of RFC 3339.
	other   bool
	members map[string]*Shape
	names   []string // of members, in the order of their appearance
	items   *Shape
	objects int // how many objects were seen
	filled  int // how many members they had together
}

// deepest is how many levels down values are looked at. Below that, objects and lists may hold
// anything.
const deepest = 32

// exact is the largest whole number up to which a float64 holds all of them.
const exact = 1 << 53

// Add notes a value.
func (s *Shape) Add(v any) { s.add(v, 0) }

func (s *Shape) add(v any, depth int) {
	s.seen |= kindOfValue(v)
	switch v := v.(type) {
	case int64:
		s.large = s.large || v > exact || v < -exact
	case string:
		s.other = s.other || !isDateTime([]byte(v))
	case *value.List:
		if depth == deepest {
			return
		}
		if s.items == nil {
			s.items = &Shape{}
		}
		for _, item := range v.All() {
			s.items.add(item, depth+1)
		}
	case *value.Dict:
		if depth == deepest {
			return
		}
		s.objects++
		for name, member := range v.All() {
			s.filled++
			s.member(name).add(member, depth+1)
		}
	}
}

func (s *Shape) member(name string) *Shape {
	m := s.members[name]
	if m == nil {
		m = &Shape{}
		if s.members == nil {
			s.members = map[string]*Shape{}
		}
		s.members[name] = m
		s.names = append(s.names, name)
	}
	return m
}

// Properties are the schemas of the members of the objects that were seen, in the order of their
// appearance. keys are the names of those that identify an object.
func (s *Shape) Properties(keys ...string) *value.Dict {
	properties := value.NewDict(len(s.names))
	for _, name := range s.names {
		properties.Set(name, s.members[name].Schema(isKey(name) || slices.Contains(keys, name)))
	}
	return properties
}

// OfRecords is the schema of records with these properties, and perhaps others.
func OfRecords(properties *value.Dict) *value.Dict {
	return value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "type", "object", "additionalProperties", true, "properties", properties)
}

// Schema is the JSON schema of what was seen. key says that the values identify something.
//
// Null is always allowed. A whole number is an integer only where it is a key, or as long as one:
// others are numbers, since the next one may have a fraction. Beside texts it is an integer too: of
// number and string some targets make a column of numbers. A field that was null throughout is
// text, which a column of a table can hold of anything. A text has the format date-time if all were
// such.
func (s *Shape) Schema(key bool) *value.Dict {
	types := value.NewList("null")
	shown := s.seen
	if shown&integer != 0 && (shown&number != 0 || !key && !s.large && shown&text == 0) {
		shown = shown&^integer | number
	}
	for i, name := range kindNames {
		if shown&(1<<i) != 0 {
			types.Append(name)
		}
	}
	if types.Len() == 1 {
		return value.DictOf("type", value.NewList("null", "string"))
	}
	d := value.DictOf("type", types)
	if s.seen&text != 0 && !s.other && types.Len() == 2 {
		d.Set("format", "date-time")
	}
	if s.seen&object != 0 {
		if !s.isMap() {
			d.Set("properties", s.Properties())
		}
		d.Set("additionalProperties", true)
	}
	if s.seen&list != 0 {
		items := value.NewDict(0)
		if s.items != nil && s.items.seen != 0 {
			items = s.items.Schema(key)
		}
		d.Set("items", items)
	}
	return d
}
