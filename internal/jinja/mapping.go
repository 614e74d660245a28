package jinja

import (
	"slices"

	"anytap/internal/python"
	"anytap/internal/value"
)

// Mapping is a dict whose keys and text values are templates, the CDK's InterpolatedMapping.
type Mapping struct {
	keys []source
	vals []mappingValue
}

type mappingValue struct {
	s   *source // nil: val is not a template
	val any
}

// CompileMapping compiles the members of a dict, which may be nil. params are the component's
// $parameters. For the error see CompileString.
func CompileMapping(m *value.Dict, params *value.Dict) (*Mapping, error) {
	t := &Mapping{}
	if m == nil {
		return t, nil
	}
	var first error
	note := func(s source, err error) source {
		if first == nil {
			first = err
		}
		return s
	}
	for k, v := range m.All() {
		t.keys = append(t.keys, note(newSource(k, params, true)))
		mv := mappingValue{val: v}
		if text, ok := v.(string); ok {
			s := note(newSource(text, params, true))
			mv.s = &s
		}
		t.vals = append(t.vals, mv)
	}
	return t, first
}

// Len counts the members.
func (t *Mapping) Len() int { return len(t.keys) }

// Eval evaluates keys and values. A value stays text if its Python type is not in valid; without
// valid, every type is valid. An empty or undefined value is None.
func (t *Mapping) Eval(e *Env, valid ...string) (*value.Dict, error) {
	d := value.NewDict(len(t.keys))
	for i := range t.keys {
		k, err := t.keys[i].orNone(e, onlyText)
		if err != nil {
			return nil, err
		}
		v := t.vals[i].val
		if s := t.vals[i].s; s != nil {
			if v, err = s.orNone(e, valid); err != nil {
				return nil, err
			}
		}
		if err := python.SetItem(new(python.Thread), d, k, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Roots lists the variables that the templates read, as String.Roots does.
func (t *Mapping) Roots() []string {
	var all []string
	for i := range t.keys {
		all = appendNew(all, t.keys[i].Roots())
		if s := t.vals[i].s; s != nil {
			all = appendNew(all, s.Roots())
		}
	}
	return all
}

// Paths lists what the templates read of their variables, as String.Paths does.
func (t *Mapping) Paths() [][]string {
	var all [][]string
	for i := range t.keys {
		all = append(all, t.keys[i].Paths()...)
		if s := t.vals[i].s; s != nil {
			all = append(all, s.Paths()...)
		}
	}
	return all
}

func appendNew(all, names []string) []string {
	for _, n := range names {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// onlyText are the valid types of keys.
var onlyText = []string{"str"}
