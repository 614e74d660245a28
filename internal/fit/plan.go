package fit

import (
	"math/big"
	"math/bits"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// Plan is a schema compiled to check records. It does not change; many goroutines may use it.
type Plan struct {
	root *node
	// whole says that a member which the schema does not name does not fit.
	whole bool
}

// kinds are the types that a schema allows.
type kinds uint8

const (
	boolean kinds = 1 << iota
	integer
	number // also whole ones
	text
	list
	object
	all = boolean | integer | number | text | list | object
)

// kindNames are the names that schemas have for them, in the same order.
var kindNames = [...]string{"boolean", "integer", "number", "string", "array", "object"}

// name is that of one kind.
func (k kinds) name() string { return kindNames[bits.TrailingZeros8(uint8(k))] }

// kindOfValue is the kind of a value; 0: it is null, which always fits.
func kindOfValue(v any) kinds {
	switch v.(type) {
	case bool:
		return boolean
	case int64:
		return integer
	case float64, *big.Int:
		return number
	case string:
		return text
	case *value.List:
		return list
	case *value.Dict:
		return object
	}
	return 0
}

// node is what a schema says of one value.
type node struct {
	kinds    kinds
	dateTime bool // texts are date-times
	members  []member
	byName   map[string]int // the index of a member
	items    *node          // of elements; nil: anything
}

type member struct {
	name []byte // as JSON, with the quotes and the colon
	node *node  // nil: anything
}

// Compile compiles the schema of records, of which the words type, format (date-time), properties
// and items count. whole says that a record with a member that the schema does not name does not
// fit.
func Compile(schema *value.Dict, whole bool) *Plan {
	n := compile(schema)
	if n == nil {
		n = &node{kinds: all}
	}
	return &Plan{root: n, whole: whole}
}

// compile returns nil for a schema that allows anything.
func compile(schema *value.Dict) *node {
	n := &node{kinds: allowed(schema)}
	n.dateTime = value.Member[string](schema, "format") == "date-time"
	any := n.kinds == all && !n.dateTime
	if properties := value.Member[*value.Dict](schema, "properties"); properties != nil {
		any = false
		n.byName = make(map[string]int, properties.Len())
		for name, v := range properties.All() {
			inner, _ := v.(*value.Dict)
			n.byName[name] = len(n.members)
			n.members = append(n.members, member{append(rawjson.AppendQuoted(nil, name), ':'), compile(inner)})
		}
	}
	if items := value.Member[*value.Dict](schema, "items"); items != nil {
		if n.items = compile(items); n.items != nil {
			any = false
		}
	}
	if any {
		return nil
	}
	return n
}

// allowed are the types of a schema; all where it names none, or options in place of a type.
func allowed(schema *value.Dict) (k kinds) {
	types := Types(schema)
	if types == nil {
		return all
	}
	for _, name := range types {
		k |= kindOf(name)
	}
	return k
}

// Types are the names of the types that a schema allows; nil: it names none.
func Types(schema *value.Dict) []string {
	if schema == nil {
		return nil
	}
	v, _ := schema.Get("type")
	switch t := v.(type) {
	case string:
		return []string{t}
	case *value.List:
		names := make([]string, 0, t.Len())
		for _, name := range t.All() {
			names = append(names, value.Str(name))
		}
		return names
	}
	return nil
}

func kindOf(name string) kinds {
	switch name {
	case "boolean":
		return boolean
	case "integer":
		return integer
	case "number":
		return number | integer
	case "string":
		return text
	case "array":
		return list
	case "object":
		return object
	case "null":
		return 0
	}
	return all
}

// Fits reports whether a record fits. text is its JSON, which is looked at only if the record was
// changed since it came.
func (p *Plan) Fits(record *value.Dict, text []byte) bool {
	if raw, ok := record.Untouched(); ok {
		text = raw
	}
	return p.root.object(text, space(text, 0), p.whole) >= 0
}
