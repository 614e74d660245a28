package selector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// casts are a selector's schema_normalization: Default. The stream's schema is compiled once.
//
// What has a type in the schema becomes of that type as Python's str(), float(), int() and bool() make it, texts like "yes" and
// "off" booleans, and a scalar where a list is wanted a list of one. What can not be cast stays as it is, with a warning. A
// value with several types besides null, or with none (anyOf, oneOf, $ref), is not touched, but what is
// inside it is.
type casts struct {
	schema rest.SchemaLoader
	log    *slog.Logger
	stream string

	mu     sync.Mutex
	done   bool
	plan   *schemaPlan
	warned sync.Map // names of fields that were warned of
}

// of gives the plan; nil when the schema says nothing.
func (c *casts) of(ctx context.Context) (*schemaPlan, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return c.plan, nil
	}
	schema, err := c.schema.Schema(ctx)
	if err != nil {
		return nil, err
	}
	if schema != nil && schema.Len() > 0 {
		schema = schema.Clone() // lazy values are not for several goroutines
		value.Expand(schema)
		b := &planner{casts: c, root: schema, refs: map[string]*schemaPlan{}}
		c.plan = b.plan(schema)
	}
	c.done = true
	return c.plan, nil
}

// refused tells once for each field that values could not be cast.
func (c *casts) refused(field, typ string, v any) {
	if _, told := c.warned.LoadOrStore(field, true); !told {
		c.log.Warn("a value can not be cast to the schema's type and stays as it is", "stream", c.stream, "field", field, "type", typ, "value_type", value.TypeName(v))
	}
}

// schemaPlan is what a schema says of the inside of a value.
type schemaPlan struct {
	steps []planStep
	// scalars says that it has something to do with values that are no containers.
	scalars bool
}

// planStep is one keyword of a schema; one of its fields is set.
type planStep struct {
	fields map[string]*fieldCast // properties
	order  []*fieldCast
	items  *fieldCast
	ref    *schemaPlan
	types  []string // of which at least one is unknown: a value that comes to that one ends the stream
	err    error    // what fails when this step is reached with an object
	never  error    // what fails when it is reached at all
}

// fieldCast is what is done about one property, or about each element of a list.
type fieldCast struct {
	name string // for warnings: the way to it
	key  string
	typ  string // what it is cast to; empty: nothing
	null bool   // null stays
	wrap bool   // a scalar becomes a list
	next *schemaPlan
	err  error // what casting any value but an allowed null fails with
	from *casts
}

// wants reports whether a value that begins with this byte of JSON must be looked at for its type.
func (f *fieldCast) wants(raw []byte) bool {
	c := raw[0]
	if f.err != nil || c == 'N' || c == 'I' {
		return true
	}
	if c == 'n' {
		return f.typ != "" && !f.null
	}
	switch f.typ {
	case "string":
		return c != '"'
	case "number":
		return !isFloatText(raw)
	case "integer":
		return isFloatText(raw) || c != '-' && !isDigit(c)
	case "boolean":
		return c != 't' && c != 'f'
	case "array":
		return f.wrap && c != '[' && c != '{'
	}
	return false
}

// isFloatText tells the texts of numbers that are floats.
func isFloatText(raw []byte) bool {
	if raw[0] != '-' && !isDigit(raw[0]) {
		return false
	}
	for _, c := range raw {
		if c == '.' || c == 'e' || c == 'E' {
			return true
		}
	}
	return false
}

// cast gives the value in the field's type, and whether it is another one.
func (f *fieldCast) cast(v any) (out any, changed bool, err error) {
	if f.typ == "" && f.err == nil || v == nil && f.null {
		return v, false, nil
	}
	if f.err != nil {
		return nil, false, f.err
	}
	switch f.typ {
	case "string":
		if _, ok := v.(string); ok {
			return v, false, nil
		}
		return value.Str(v), true, nil
	case "number":
		out, err = toFloat(v)
	case "integer":
		out, err = toInt(v)
	case "boolean":
		out, err = toBool(v)
	case "array":
		switch v.(type) {
		case nil, bool, int64, *big.Int, float64, string:
			if f.wrap {
				return value.NewList(v), true, nil
			}
		}
		return v, false, nil
	}
	if errors.Is(err, errNoCast) {
		f.from.refused(f.name, f.typ, v)
		return v, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("field %s: %w", f.name, err)
	}
	return out, true, nil
}
