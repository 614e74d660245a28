package streammap

import (
	"slices"
	"strings"

	"anytap/internal/value"
)

// begin makes the schema that the properties are added to and removed from.
func (b *builder) begin(schema *value.Dict) {
	b.raw = schema.Clone()
	b.rawProps = value.Member[*value.Dict](b.raw, "properties")
	if b.rawProps == nil {
		b.rawProps = value.NewDict(0)
		b.raw.Set("properties", b.rawProps)
	}
	if !b.made.whole {
		b.outProp = value.NewDict(0)
		b.out = value.DictOf("type", "object", "properties", b.outProp, "$schema", "https://json-schema.org/draft/2020-12/schema")
		return
	}
	b.out, b.outProp = b.raw, b.rawProps
}

func (b *builder) remove(name string) {
	b.outProp.Delete(name)
	required := value.Member[*value.List](b.out, "required")
	if required == nil {
		return
	}
	kept := value.NewList()
	for _, v := range required.All() {
		if v != name {
			kept.Append(v)
		}
	}
	b.out.Set("required", kept)
}

// typeOf is the schema of a property that an expression gives. As in the SDK, the text of the
// expression tells: how it begins, or that the property was there before.
func (b *builder) typeOf(name, text string) *value.Dict {
	begins := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(text, word) })
	}
	switch {
	case text == "record":
		return nullable(b.raw.Clone())
	case begins("float("):
		return typed("number")
	case begins("int("):
		return typed("integer")
	case begins("str("):
		return typed("string")
	case begins("bool("):
		return typed("boolean")
	case begins("json.dumps("):
		return typed("string")
	case begins("datetime.date.", "datetime.date(") || strings.HasSuffix(text, ".date()"):
		return withFormat("date")
	case begins("datetime.datetime.", "datetime.datetime("):
		return withFormat("date-time")
	case text[0] == '\'' && text[len(text)-1] == '\'':
		return typed("string")
	}
	for _, at := range []struct {
		d    *value.Dict
		name string
	}{{b.outProp, name}, {b.rawProps, text}} {
		if d := value.Member[*value.Dict](at.d, at.name); d != nil && d.Len() > 0 {
			return nullable(d.Clone())
		}
	}
	return typed("string")
}

func typed(name string) *value.Dict { return value.DictOf("type", value.NewList(name, "null")) }

func withFormat(format string) *value.Dict {
	d := typed("string")
	d.Set("format", format)
	return d
}

// nullable allows null in a schema.
func nullable(d *value.Dict) *value.Dict {
	if v, ok := d.Get("anyOf"); ok { // the SDK adds the text "null" here, which is no schema
		if options, ok := v.(*value.List); ok && !slices.ContainsFunc(options.Values(), allowsNull) {
			options.Append(value.DictOf("type", "null"))
		}
		return d
	}
	if options := value.Member[*value.List](d, "oneOf"); options != nil {
		options.Append(value.DictOf("type", "null"))
		return d
	}
	switch t, _ := d.Get("type"); t := t.(type) {
	case string:
		if t != "null" {
			d.Set("type", value.NewList(t, "null"))
		}
	case *value.List:
		if !slices.Contains(t.Values(), any("null")) {
			t.Append("null")
		}
	}
	return d
}

// allowsNull reports whether one of several schemas is that of null.
func allowsNull(option any) bool {
	d, _ := option.(*value.Dict)
	return d != nil && slices.Contains(typesOf(d), "null")
}

// typesOf are the types of a schema; none where it has no type.
func typesOf(d *value.Dict) []string {
	switch t, _ := d.Get("type"); t := t.(type) {
	case string:
		return []string{t}
	case *value.List:
		var types []string
		for _, v := range t.All() {
			types = append(types, value.Str(v))
		}
		return types
	}
	return nil
}
