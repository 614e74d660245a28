package streammap

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// flattening makes properties of those in inner objects.
type flattening struct {
	depth     int
	separator string
	longest   int // names that are as long are abbreviated
}

// readFlattening reads the settings; nil: it is off.
func readFlattening(c *value.Dict) (*flattening, error) {
	f := &flattening{separator: "__", longest: 255}
	on, err := setting[bool](c, "flattening_enabled", "true or false")
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	for name, to := range map[string]*int{"flattening_max_depth": &f.depth, "flattening_max_key_length": &f.longest} {
		v, _ := c.Get(name)
		if v == nil {
			continue
		}
		n, ok := v.(int64)
		if !ok {
			return nil, tap.Errorf(tap.Config, "%s is %s, expected a whole number", name, value.Repr(v))
		}
		*to, given[name] = int(n), true
	}
	if v, _ := c.Get("flattening_separator"); v != nil {
		if f.separator, err = setting[string](c, "flattening_separator", "a text"); err != nil {
			return nil, err
		}
	}
	switch {
	case !on:
		return nil, nil
	case !given["flattening_max_depth"]:
		return nil, tap.Errorf(tap.Config, "flattening_max_depth is missing: with flattening_enabled it says how many levels of inner objects are flattened, for example 1")
	case f.depth <= 0:
		return nil, nil
	}
	return f, nil
}

// flattenSchema flattens the map's schema, if it is to be.
func (m *Map) flattenSchema() error {
	if m.flattening == nil {
		return nil
	}
	schema := m.Schema.Clone()
	properties := value.NewDict(0)
	if err := m.flattening.properties(properties, schema, nil); err != nil {
		return err
	}
	schema.Set("properties", properties)
	m.Schema = schema
	return nil
}

// properties adds those of a schema to flat. parents are the names of the objects around it.
func (f *flattening) properties(flat, schema *value.Dict, parents []string) error {
	properties := value.Member[*value.Dict](schema, "properties")
	if properties == nil {
		return nil
	}
	for name, v := range properties.All() {
		d, ok := v.(*value.Dict)
		if !ok {
			d = value.NewDict(0)
		}
		key := f.key(parents, name)
		inner := value.Member[*value.Dict](d, "properties")
		types := typesOf(d)
		_, hasType := d.Get("type")
		isObject := slices.Contains(types, "object")
		switch {
		case isObject && inner != nil && len(parents) < f.depth:
			if err := f.properties(flat, d, append(parents[:len(parents):len(parents)], name)); err != nil {
				return err
			}
			continue
		case isObject || slices.Contains(types, "array"):
			if slices.Contains(types, "null") {
				d = value.DictOf("type", value.NewList("string", "null"))
			} else {
				d = value.DictOf("type", "string")
			}
		case !hasType:
			if d = withoutType(d); d == nil {
				continue
			}
		}
		if _, ok := flat.Get(key); ok {
			return fmt.Errorf("two properties would be named %s", key)
		}
		flat.Set(key, d)
	}
	return nil
}

// withoutType is what becomes of a schema without a type: where it begins with options, the first
// of them with null, if that is text, a list or an object; nil: nothing.
func withoutType(d *value.Dict) *value.Dict {
	text := value.DictOf("type", value.NewList("null", "string"))
	for _, v := range d.All() {
		options, ok := v.(*value.List)
		if !ok || options.Len() == 0 || !value.Truth(options.At(0)) {
			break
		}
		first, ok := options.At(0).(*value.Dict)
		if !ok {
			break
		}
		switch t, ok := first.Get("type"); t {
		case "string", "array", "object":
			first = first.Clone()
			first.Set("type", value.NewList("null", t))
			return first
		default:
			if ok {
				return nil
			}
		}
		break
	}
	return text
}

// key is the name of a property in inner objects. One that would be too long has its first parts
// abbreviated, as many as it takes.
func (f *flattening) key(parents []string, name string) string {
	if len(parents) == 0 && len(name) < f.longest {
		return name
	}
	parts := append(parents[:len(parents):len(parents)], name)
	key := strings.Join(parts, f.separator)
	if len(key) < f.longest {
		return key
	}
	parts = slices.Clone(parts)
	for i := 0; i < len(parts) && pytext.Len(key) >= f.longest; i++ {
		parts[i] = abbreviated(parts[i])
		key = strings.Join(parts, f.separator)
	}
	return key
}

// abbreviated has the first letters of the words of a name, which begin behind underscores or are
// capitals; of a single word its first three letters.
func abbreviated(name string) string {
	var b strings.Builder
	add := func(s string) {
		for _, r := range s {
			if r < 'a' || r > 'z' {
				b.WriteRune(r)
			}
		}
	}
	chars := pytext.Characters(name)
	for i := 0; i < len(chars); i++ {
		switch {
		case i == 0:
			add(pytext.Upper(chars[0]))
		case chars[i] == "_" && i+1 < len(chars) && chars[i+1] != "\n":
			i++
			add(pytext.Upper(chars[i]))
		default:
			add(chars[i])
		}
	}
	short := b.String()
	if pytext.Len(short) <= 1 {
		short = pytext.Prefix(name, 3)
	}
	return pytext.Lower(short)
}

// record flattens a record. schema is the flattened one.
func (f *flattening) record(record, schema *value.Dict) (*value.Dict, error) {
	out := value.NewDict(record.Len())
	return out, f.add(out, record, value.Member[*value.Dict](schema, "properties"), nil)
}

// add adds the members of an object to out. Objects and lists that stay are written as JSON in a
// text.
func (f *flattening) add(out, object, known *value.Dict, parents []string) error {
	for name, v := range object.All() {
		key := f.key(parents, name)
		switch x := v.(type) {
		case *value.Dict:
			if _, ok := known.Get(key); !ok && len(parents) < f.depth {
				if err := f.add(out, x, known, append(parents[:len(parents):len(parents)], name)); err != nil {
					return err
				}
				continue
			}
		case *value.List:
		case float64:
			setNumber(out, key, object, name, v)
			continue
		default:
			out.Set(key, v)
			continue
		}
		text, err := asText(v)
		if err != nil {
			return err
		}
		out.Set(key, text)
	}
	return nil
}

// setNumber sets a member to a float that is a member of another object. Where its text is known it
// keeps its digits.
func setNumber(out *value.Dict, key string, from *value.Dict, name string, v any) {
	if raw, ok := from.Raw(name); ok {
		out.SetText(key, raw)
		return
	}
	out.Set(key, v)
}

// asText is a value in JSON, as the SDK writes it.
func asText(v any) (string, error) {
	var th python.Thread
	text, err := python.DumpJSON(&th, v, python.JSONStyle{Comma: ",", Colon: ":", NoNaN: true, Digits: true, Default: func(v any) (any, error) {
		if t, ok := v.(value.Datetime); ok {
			return t.Isoformat(), nil
		}
		return value.Str(v), nil
	}})
	if err != nil {
		return "", errors.Join(errors.New("it can not be written as JSON"), err)
	}
	return text, nil
}
