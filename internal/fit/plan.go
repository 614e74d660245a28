package fit

import (
	"math/big"
	"math/bits"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// kinds are the types of values. A value that is a number and no integer is of the kind number; a
// schema that allows number allows integer too.
type kinds = rawjson.Types

const (
	boolean = rawjson.IsBoolean
	integer = rawjson.IsInteger
	number  = rawjson.IsNumber
	text    = rawjson.IsText
	list    = rawjson.IsList
	object  = rawjson.IsObject
	all     = rawjson.IsAny
)

// kindNames are the names that schemas have for them, in the same order.
var kindNames = [...]string{"boolean", "integer", "number", "string", "array", "object"}

// nameOf is that of one kind.
func nameOf(k kinds) string { return kindNames[bits.TrailingZeros8(uint8(k))] }

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

// Compile makes a pattern of the schema of records, of which the words type, format (date-time),
// properties and items count. whole says that a record with a member that the schema does not name
// does not fit.
func Compile(schema *value.Dict, whole bool) *rawjson.Pattern {
	p := compile(schema)
	if p == nil {
		p = &rawjson.Pattern{Types: all}
	}
	p.Types |= object
	p.Closed = whole
	return p
}

// compile returns nil for a schema that allows anything.
func compile(schema *value.Dict) *rawjson.Pattern {
	p := &rawjson.Pattern{Types: allowed(schema)}
	any := p.Types == all
	if value.Member[string](schema, "format") == "date-time" {
		p.Format, any = isDateTime, false
	}
	if properties := value.Member[*value.Dict](schema, "properties"); properties != nil {
		any = false
		for name, v := range properties.All() {
			inner, _ := v.(*value.Dict)
			p.Member(name, compile(inner))
		}
	}
	if items := value.Member[*value.Dict](schema, "items"); items != nil {
		if p.Items = compile(items); p.Items != nil {
			any = false
		}
	}
	if any {
		return nil
	}
	return p
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
// changed since it came. A record that the scan of its page found to fit is not looked at again:
// p, or a pattern that p is wider than, was that scan's.
func Fits(p *rawjson.Pattern, record *value.Dict, text []byte) bool {
	if raw, ok := record.Untouched(); ok {
		if record.Fits() {
			return true
		}
		text = raw
	}
	return rawjson.Fit(text, p)
}
