package streammap

import (
	"math/big"
	"unicode/utf8"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Record is what goes out of a record; nil: nothing does. The record itself may be changed by
// expressions that do so. Errors name the stream, the property and the expression.
func (m *Map) Record(record *value.Dict) (*value.Dict, error) {
	out := record
	if m.names != nil {
		var err error
		if out, err = m.mapped(record); out == nil || err != nil {
			return nil, err
		}
	}
	if m.flattening == nil {
		return out, nil
	}
	return m.flattening.record(out, m.Schema)
}

// mapped filters the record and computes its properties. What is empty then does not go out.
func (m *Map) mapped(record *value.Dict) (*value.Dict, error) {
	m.record = record
	defer func() { m.record, m.self = nil, nil }()
	m.hasSelf = false
	if m.filter != nil {
		v, err := m.evaluator.Eval(m.filter, m.names)
		if err != nil {
			return nil, m.failed(optionFilter, m.filterText, err)
		}
		if !value.Truth(v) {
			return nil, nil
		}
	}
	var out *value.Dict
	if m.whole {
		out = record.Clone()
	} else {
		out = value.NewDict(len(m.Keys) + len(m.properties))
		for _, key := range m.Keys {
			if v, ok := record.Get(key); ok {
				out.Set(key, v)
			}
		}
	}
	for i := range m.properties {
		p := &m.properties[i]
		if p.expr == nil {
			out.Delete(p.name)
			continue
		}
		m.self, m.hasSelf = record.Get(p.name)
		if v, ok := record.Get(p.copies); ok && p.copies != "" {
			if _, isFloat := v.(float64); isFloat {
				setNumber(out, p.name, record, p.copies, v)
				continue
			}
		}
		v, err := m.evaluator.Eval(p.expr, m.names)
		if err == nil {
			v, err = writable(v)
		}
		if err != nil {
			return nil, m.failed(p.name, p.text, err)
		}
		out.Set(p.name, v)
	}
	if out.Empty() {
		return nil, nil
	}
	return out, nil
}

func (m *Map) failed(property, text string, err error) error {
	return tap.Errorf(tap.Config, "stream map: stream %s, property %s: %w", m.source, property, expressionError(text, err))
}

// name gives the variables of expressions. A property that has the name of one of the first ones is
// found in record alone.
func (m *Map) name(name string) (any, bool) {
	switch name {
	case "_", "record":
		return m.record, true
	case "config":
		return m.config, true
	case "__stream_name__":
		return m.Stream, true
	case "__original_stream_name__":
		return m.source, true
	case "self":
		if m.hasSelf {
			return m.self, true
		}
	}
	return m.record.Get(name)
}

// writable is a value as the SDK writes it: sets as Python shows them, bytes as their text. It
// fails for what the SDK can not write.
func writable(v any) (any, error) {
	switch v := v.(type) {
	case *value.Set:
		return value.Repr(v), nil
	case value.Bytes:
		if !utf8.Valid(v) {
			return nil, exception.New(exception.UnicodeDecodeError, "the bytes %s are no UTF-8", python.Brief(v))
		}
		return string(v), nil
	case *value.Dict:
		return writableDict(v)
	case *value.List:
		if _, ok := v.Untouched(); ok {
			return v, nil
		}
		items, err := writableItems(v.Values())
		return python.ListOf(items), err
	case value.Tuple:
		items, err := writableItems(v)
		return value.Tuple(items), err
	case value.Object:
		if v.TypeName() == "ModuleWrapper" {
			return nil, exception.TypeErrorf("a module is no value")
		}
	}
	return v, nil
}

func writableDict(d *value.Dict) (any, error) {
	if _, ok := d.Untouched(); ok {
		return d, nil
	}
	out := value.NewDict(d.Len())
	for k, x := range d.AllKeys() {
		switch k.(type) {
		case nil, bool, string, int64, float64, *big.Int:
		default:
			return nil, exception.TypeErrorf("keys must be str, int, float, bool or None, not %s", value.TypeName(k))
		}
		x, err := writable(x)
		if err != nil {
			return nil, err
		}
		out.SetKey(k, x)
	}
	return out, nil
}

func writableItems(items []any) ([]any, error) {
	out := make([]any, len(items))
	for i, x := range items {
		var err error
		if out[i], err = writable(x); err != nil {
			return nil, err
		}
	}
	return out, nil
}
