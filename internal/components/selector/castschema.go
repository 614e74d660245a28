package selector

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"anytap/internal/value"
)

// planner compiles a schema.
type planner struct {
	casts *casts
	root  *value.Dict
	refs  map[string]*schemaPlan // by $ref
	path  []string               // of the field that is being compiled
}

// plan compiles what a schema says about the inside of a value; nil if it says nothing.
func (b *planner) plan(schema any) *schemaPlan {
	d, ok := schema.(*value.Dict)
	if !ok {
		return nil
	}
	p := &schemaPlan{}
	for key, v := range d.All() {
		switch key {
		case "properties":
			p.add(b.properties(v))
		case "items":
			p.add(b.items(v))
		case "$ref":
			p.add(b.reference(v))
		case "type":
			p.add(planStep{types: unknownTypes(v)})
		}
	}
	if len(p.steps) == 0 {
		return nil
	}
	return p
}

// add appends a step, unless it does nothing.
func (p *schemaPlan) add(s planStep) {
	if len(s.order) > 0 || s.items != nil || s.ref != nil || s.types != nil || s.err != nil || s.never != nil {
		p.steps = append(p.steps, s)
		p.scalars = p.scalars || s.ref != nil || s.types != nil || s.never != nil
	}
}

func (b *planner) properties(v any) planStep {
	d, ok := v.(*value.Dict)
	if !ok {
		return planStep{err: fmt.Errorf("properties of the schema are a %s", value.TypeName(v))}
	}
	s := planStep{fields: map[string]*fieldCast{}}
	for name, sub := range d.All() {
		b.path = append(b.path, name)
		f := b.field(sub)
		f.key = name
		b.path = b.path[:len(b.path)-1]
		if f.idle() {
			continue
		}
		s.fields[name] = f
		s.order = append(s.order, f)
	}
	return s
}

func (b *planner) items(v any) planStep {
	b.path = append(b.path, "*")
	f := b.field(v)
	b.path = b.path[:len(b.path)-1]
	if f.idle() {
		return planStep{}
	}
	return planStep{items: f}
}

// idle reports whether nothing is done to the field.
func (f *fieldCast) idle() bool {
	return f.err == nil && f.next == nil && (f.typ == "" || f.typ == "array" && !f.wrap)
}

// known are the types that JSON schemas have.
var known = []string{"string", "number", "integer", "boolean", "null", "object", "array"}

// unknownTypes returns the types of a schema if one of them is unknown; else nil.
func unknownTypes(v any) []string {
	var types []string
	switch v := v.(type) {
	case string:
		types = []string{v}
	case *value.List:
		for _, e := range v.Values() {
			types = append(types, value.Str(e))
		}
	}
	for _, t := range types {
		if !slices.Contains(known, t) {
			return types
		}
	}
	return nil
}

// isType reports whether a value is of a known type.
func isType(v any, typ string) bool {
	switch v := v.(type) {
	case nil:
		return typ == "null"
	case string:
		return typ == "string"
	case bool:
		return typ == "boolean"
	case int64, *big.Int:
		return typ == "integer" || typ == "number"
	case float64:
		return typ == "number" || typ == "integer" && v == math.Trunc(v)
	case *value.Dict:
		return typ == "object"
	case *value.List:
		return typ == "array"
	}
	return false
}

// reference follows a $ref inside the schema. The plan is noted before it is compiled, since it may
// refer to itself.
func (b *planner) reference(v any) planStep {
	ref, _ := v.(string)
	if p, ok := b.refs[ref]; ok {
		return planStep{ref: p}
	}
	target, ok := b.lookUp(ref)
	if !ok {
		return planStep{never: fmt.Errorf("the schema refers to %q, which is not in it", value.Str(v))}
	}
	p := &schemaPlan{}
	b.refs[ref] = p
	if inner := b.plan(target); inner != nil {
		*p = *inner
	}
	return planStep{ref: p}
}

// lookUp follows a JSON pointer.
func (b *planner) lookUp(ref string) (any, bool) {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil, false
	}
	if pointer == "" {
		return b.root, true
	}
	if pointer, ok = strings.CutPrefix(pointer, "/"); !ok {
		return nil, false
	}
	return value.At(b.root, value.Pointer(pointer)...)
}

// field compiles a schema of one value.
func (b *planner) field(schema any) *fieldCast {
	f := &fieldCast{name: strings.Join(b.path, "."), from: b.casts}
	d, ok := schema.(*value.Dict)
	if !ok {
		f.err = fmt.Errorf("the schema of %s is a %s", f.name, value.TypeName(schema))
		return f
	}
	f.typ, f.null = target(d)
	if f.typ == "array" {
		f.wrap, f.err = wraps(d)
	}
	f.next = b.plan(d)
	return f
}

// castable are the types that values are cast to.
var castable = []string{"string", "number", "integer", "boolean", "array"}

// target returns the one type that values are cast to, and whether they may be null.
func target(d *value.Dict) (typ string, null bool) {
	v, _ := d.Get("type")
	switch t := v.(type) {
	case string:
		typ, null = t, strings.Contains(t, "null")
	case *value.List:
		var rest []any
		for _, e := range t.All() {
			if e == "null" {
				null = true
			} else {
				rest = append(rest, e)
			}
		}
		if len(rest) != 1 {
			return "", null
		}
		typ, _ = rest[0].(string)
	}
	if !slices.Contains(castable, typ) {
		typ = ""
	}
	return typ, null
}

// wraps reports whether a scalar becomes a list of one. The type of the elements must be missing,
// or a list of simple types.
func wraps(d *value.Dict) (bool, error) {
	items, ok := d.Get("items")
	if !ok {
		return true, nil
	}
	of, ok := items.(*value.Dict)
	if !ok {
		return false, fmt.Errorf("items of a schema are a %s", value.TypeName(items))
	}
	v, ok := of.Get("type")
	if !ok {
		return true, nil
	}
	switch t := v.(type) {
	case string:
		return t == "", nil // the reference runtime takes the text for a set of letters
	case *value.List:
		for _, e := range t.Values() {
			if name, _ := e.(string); !slices.Contains(simple, name) {
				return false, nil
			}
		}
		return true, nil
	}
	return false, nil
}

// simple are the types that are no containers.
var simple = []string{"string", "number", "integer", "boolean", "null"}
