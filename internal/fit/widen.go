package fit

import (
	"math/big"
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
	broken  map[string]bool   // fields that held numbers which are no integers
	added   map[string]*Shape // the shapes of members that the schema does not name
	order   []string
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
		w.told, w.broken, w.added = map[string]bool{}, map[string]bool{}, map[string]*Shape{}
	}
	w.object(w.Schema, record, nil)
}

// Changes are what was changed by the records so far, each once.
func (w *Widening) Changes() []Change {
	properties := value.Member[*value.Dict](w.Schema, "properties")
	for _, name := range w.order {
		d := &Shape{members: map[string]*Shape{name: w.added[name]}, names: []string{name}}
		schema, _ := d.Properties(w.Keys...).Get(name)
		properties.Set(name, schema)
		w.change([]string{name}, typesOf(schema.(*value.Dict)), "nothing")
	}
	w.order = nil
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
		if w.added[name] == nil {
			if properties.Len()+len(w.order) >= mostMembers {
				continue
			}
			w.added[name] = &Shape{}
			w.order = append(w.order, name)
		}
		w.added[name].Add(v)
	}
}

// value widens the schema of a value by one.
func (w *Widening) value(schema *value.Dict, v any, path []string) {
	kind, name := kindOfValue(v)
	if kind == 0 {
		return
	}
	had := typesOf(schema)
	k := allowed(schema)
	if kind == number {
		w.broken[strings.Join(path, ".")] = true
	}
	if k&kind == 0 {
		key := w.isKey(path)
		if n, ok := v.(int64); ok && !key && n <= exact && n >= -exact && k&text == 0 {
			name = "number"
		}
		w.change(path, name, had)
		allow(schema, v, name, key, w.broken[strings.Join(path, ".")])
		return
	}
	switch v := v.(type) {
	case string:
		if format := value.Member[string](schema, "format"); format == "date-time" && !isDateTime([]byte(v)) {
			w.change(path, "a text that is no date-time", had+", date-time")
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
	var had []any
	current, _ := schema.Get("type")
	switch t := current.(type) {
	case string:
		had = []any{t}
	case *value.List:
		had = t.Values()
	}
	types := value.NewList()
	for _, t := range had {
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

// kindOfValue is the type of a value and its name; 0: it is null, which always fits.
func kindOfValue(v any) (kinds, string) {
	switch v := v.(type) {
	case bool:
		return boolean, "boolean"
	case int64:
		return integer, "integer"
	case float64, *big.Int:
		return number, "number"
	case string:
		return text, "string"
	case *value.List:
		return list, "array"
	case *value.Dict:
		return object, "object"
	default:
		_ = v
		return 0, "null"
	}
}

// typesOf are the types of a schema but null, in words.
func typesOf(schema *value.Dict) string {
	v, _ := schema.Get("type")
	switch t := v.(type) {
	case string:
		return t
	case *value.List:
		var names []string
		for _, item := range t.All() {
			if item != "null" {
				names = append(names, value.Str(item))
			}
		}
		return strings.Join(names, " or ")
	}
	return "anything"
}
