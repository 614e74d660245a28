package streammap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"anytap/internal/python/simpleeval"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Map is one way in which a stream goes out.
type Map struct {
	Stream string      // its name there
	Schema *value.Dict // of its records
	Keys   []string    // names of its primary key

	source     string
	config     *value.Dict
	flattening *flattening
	whole      bool                   // records keep what the map does not name
	filter     *simpleeval.Expression // nil: none
	filterText string
	properties []property

	evaluator simpleeval.Evaluator
	names     simpleeval.Names
	record    *value.Dict // that the expressions are evaluated for
	self      any         // what it has of the property that is computed
	hasSelf   bool
}

// property is one that the map removes or computes.
type property struct {
	name string
	text string
	expr *simpleeval.Expression // nil: it is removed

	copies string // the property of the record whose value it has; empty: it has none's
}

// errNoKey is a key that the map's schema does not have.
var errNoKey = errors.New("is a key property, and the map leaves it out")

// builder makes a map of a member of stream_maps.
type builder struct {
	setting string // for messages
	keys    []string
	made    *Map

	raw, out          *value.Dict // the stream's schema, and the map's
	rawProps, outProp *value.Dict // their properties; the same, where the map keeps those that it does not name
}

func (b *builder) errorf(option, format string, args ...any) error {
	return tap.Errorf(tap.Config, "%s.%s: %w", b.setting, option, fmt.Errorf(format, args...))
}

// build reads the member. extra says that it makes a further stream.
func (b *builder) build(d, schema *value.Dict, extra bool) (*Map, error) {
	m := b.made
	m.Keys, m.whole = b.keys, true
	if err := b.options(d); err != nil {
		return nil, err
	}
	b.begin(schema)
	for name, v := range d.All() {
		switch name {
		case optionElse, optionFilter, optionKeys:
			continue
		case optionSource:
			if extra {
				continue
			}
		case optionAlias:
			if !extra {
				continue
			}
		}
		if err := b.property(name, v); err != nil {
			return nil, err
		}
	}
	for _, key := range m.Keys {
		if _, ok := b.outProp.Get(key); !ok {
			return nil, tap.Errorf(tap.Config, "%s: %s %w: name it, or say other keys in %s (null: none)", b.setting, key, errNoKey, optionKeys)
		}
	}
	m.Schema = b.out
	if err := m.flattenSchema(); err != nil {
		return nil, tap.Errorf(tap.Config, "%s can not be flattened: %w", b.setting, err)
	}
	m.names = m.name
	return m, nil
}

// options reads what the map says beside its properties.
func (b *builder) options(d *value.Dict) (err error) {
	m := b.made
	if v, _ := d.Get(optionFilter); v != nil {
		text, ok := v.(string)
		if !ok {
			return b.errorf(optionFilter, "it is a %s, expected an expression in a text", value.TypeName(v))
		}
		m.filterText = text
		if m.filter, err = simpleeval.Compile(text); err != nil {
			return b.errorf(optionFilter, "%w", expressionError(text, err))
		}
	}
	if v, ok := d.Get(optionKeys); ok {
		if m.Keys, err = keysOf(v); err != nil {
			return b.errorf(optionKeys, "%w", err)
		}
	}
	if v, ok := d.Get(optionElse); ok {
		if !isNull(v) {
			return b.errorf(optionElse, "it is %s, expected null: the properties that the map does not name are left out", value.Repr(v))
		}
		m.whole = false
	}
	return nil
}

func keysOf(v any) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	l, ok := v.(*value.List)
	if !ok {
		return nil, fmt.Errorf("it is %s, expected a list of names, or null for no key", value.Repr(v))
	}
	var keys []string
	for _, item := range l.All() {
		key, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("it has %s, expected names of properties", value.Repr(item))
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// property reads what the map says of a property.
func (b *builder) property(name string, v any) error {
	m := b.made
	if isNull(v) {
		if slices.Contains(m.Keys, name) {
			return b.errorf(name, "a key property can not be removed: say other keys in %s (null: none)", optionKeys)
		}
		b.remove(name)
		m.properties = append(m.properties, property{name: name})
		return nil
	}
	text, ok := v.(string)
	if !ok {
		return b.errorf(name, "it is a %s, expected an expression in a text, or null", value.TypeName(v))
	}
	x, err := simpleeval.Compile(text)
	if err != nil {
		return b.errorf(name, "%w", expressionError(text, err))
	}
	if slices.Contains(x.Free(), "fake") {
		if _, ok := b.rawProps.Get("fake"); !ok {
			return b.errorf(name, "the expression %q uses fake, and Faker is not supported", text)
		}
	}
	b.outProp.Set(name, b.typeOf(name, text))
	p := property{name: name, text: text, expr: x}
	switch text {
	case "self":
		p.copies = name
	case "_", "record", "config", "__stream_name__", "__original_stream_name__":
	default:
		if slices.Equal(x.Free(), []string{text}) {
			p.copies = text
		}
	}
	m.properties = append(m.properties, p)
	return nil
}

// expressionError says which expression fails, and where.
func expressionError(text string, err error) error {
	var at *simpleeval.Error
	if !errors.As(err, &at) {
		return fmt.Errorf("expression %q: %w", text, err)
	}
	before := text[:min(at.Offset, len(text))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	if line > 0 {
		return fmt.Errorf("expression %q, line %d, column %d: %w", text, line+1, column, at.Err)
	}
	return fmt.Errorf("expression %q, column %d: %w", text, column, at.Err)
}
