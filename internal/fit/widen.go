package fit

import (
	"slices"
	"strings"

	"anytap/internal/value"
)

// Widening is a schema that is made to fit further records.
type Widening struct {
	// Schema is changed in place.
	Schema *value.Dict
	// Keys are the names of the members that identify a record.
	Keys []string
	// Whole adds the members of records that the schema does not name.
	Whole bool

	changes []Change
	told    map[string]bool
	broken  map[string]bool // fields that held numbers which are no integers
	added   Shape           // of the members that the schema does not name yet
}

// Change is one way in which a record did not fit.
type Change struct {
	Field string // its path, with dots; "[]" stands for the elements of a list
	Found string // what the record held
	Had   string // what the schema said
}

// Add makes the schema fit a record.
func (w *Widening) Add(record *value.Dict) {
	if w.told == nil {
		w.told, w.broken = map[string]bool{}, map[string]bool{}
	}
	w.object(w.Schema, record, nil)
}

// Changes are what was changed by the records so far, each once.
func (w *Widening) Changes() []Change {
	properties := value.Member[*value.Dict](w.Schema, "properties")
	for name, schema := range w.added.Properties(w.Keys...).All() {
		properties.Set(name, schema)
		w.change([]string{name}, typesOf(schema.(*value.Dict)), "nothing")
	}
	w.added = Shape{}
	return w.changes
}

func (w *Widening) change(path []string, found, had string) {
	field := strings.Join(path, ".")
	if w.told[field+" "+found] {
		return
	}
	w.told[field+" "+found] = true
	w.changes = append(w.changes, Change{field, found, had})
}

// object widens the schema of an object by the members of one.
func (w *Widening) object(schema, d *value.Dict, path []string) {
	properties := value.Member[*value.Dict](schema, "properties")
	if properties == nil {
		if len(path) > 0 || !w.Whole {
			return
		}
		properties = value.NewDict(d.Len())
		schema.Set("properties", properties)
	}
	for name, v := range d.All() {
		inner, known := properties.Get(name)
		if s, ok := inner.(*value.Dict); ok {
			w.value(s, v, append(path, name))
			continue
		}
		if known || len(path) > 0 || !w.Whole {
			continue
		}
		if w.added.members[name] == nil && properties.Len()+len(w.added.names) >= mostMembers {
			continue
		}
		w.added.member(name).Add(v)
	}
}

// value widens the schema of a value by one.
func (w *Widening) value(schema *value.Dict, v any, path []string) {
	kind := kindOfValue(v)
	if kind == 0 {
		return
	}
	k := allowed(schema)
	if kind == number {
		w.broken[strings.Join(path, ".")] = true
	}
	if k&kind == 0 {
		key, name := w.isKey(path), nameOf(kind)
		if n, ok := v.(int64); ok && !key && n <= exact && n >= -exact && k&text == 0 {
			name = "number"
		}
		w.change(path, name, typesOf(schema))
		allow(schema, v, name, key, w.broken[strings.Join(path, ".")])
		return
	}
	switch v := v.(type) {
	case string:
		if format := value.Member[string](schema, "format"); format == "date-time" && !isDateTime([]byte(v)) {
			w.change(path, "a text that is no date-time", typesOf(schema)+", date-time")
			schema.Delete("format")
		}
	case *value.Dict:
		w.object(schema, v, path)
	case *value.List:
		items := value.Member[*value.Dict](schema, "items")
		if items == nil {
			return
		}
		path = append(path, "[]")
		for _, item := range v.All() {
			w.value(items, item, path)
		}
	}
}

// allow adds the type of a value to the types of its schema. Beside texts numbers become integers,
// unless one was broken: of number and string some targets make a column of numbers.
func allow(schema *value.Dict, v any, name string, key, broken bool) {
	types := value.NewList()
	for _, t := range Types(schema) {
		switch {
		case t == "integer" && name == "number":
			continue
		case t == "number" && name == "string" && !broken:
			t = "integer"
		}
		types.Append(t)
	}
	types.Append(name)
	schema.Set("type", types)
	schema.Delete("format") // it spoke of texts alone
	shape := &Shape{}
	shape.Add(v)
	inner := shape.Schema(key)
	for _, word := range []string{"properties", "additionalProperties", "items"} {
		if said, ok := inner.Get(word); ok {
			schema.Set(word, said)
		}
	}
}

// isKey reports whether the values at a path are keys.
func (w *Widening) isKey(path []string) bool {
	at := len(path) - 1
	for path[at] == "[]" && at > 0 {
		at--
	}
	return isKey(path[at]) || at == 0 && slices.Contains(w.Keys, path[0])
}

// typesOf are the types of a schema but null, in words.
func typesOf(schema *value.Dict) string {
	types := Types(schema)
	switch len(types) {
	case 0:
		return "anything"
	case 1:
		return types[0]
	}
	return strings.Join(slices.DeleteFunc(types, func(t string) bool { return t == "null" }), " or ")
}
