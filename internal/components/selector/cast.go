package selector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"sync"

	"anytap/internal/components/contract"
	"anytap/internal/value"
)

// casts are what "schema_normalization: Default" does to the records of a stream. The schema is
// compiled once.
//
// A value that has one type in the schema, besides null, is cast to that type by the rules of
// castvalue.go. Where an array is wanted, a scalar becomes a list of one. A value that can not be
// cast stays as it is, with a warning. A value with several types, or with none (anyOf, oneOf,
// $ref), is not cast, but what is inside it is.
type casts struct {
	schema contract.SchemaLoader
	log    *slog.Logger
	stream string

	mu     sync.Mutex
	done   bool
	plan   *schemaPlan
	warned sync.Map // the names of fields that a warning was about
}

// compiled returns the plan for the schema; nil if nothing is to be cast.
func (c *casts) compiled(ctx context.Context) (*schemaPlan, error) {
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
		schema = schema.Clone() // because the loader may share it with other goroutines
		value.Expand(schema)
		b := &planner{casts: c, root: schema, refs: map[string]*schemaPlan{}}
		c.plan = b.plan(schema)
	}
	c.done = true
	return c.plan, nil
}

// refused warns once for each field that a value could not be cast.
func (c *casts) refused(field, typ string, v any) {
	if _, told := c.warned.LoadOrStore(field, true); !told {
		c.log.Warn("a value can not be cast to the schema's type and stays as it is", "stream", c.stream, "field", field, "type", typ, "value_type", value.TypeName(v))
	}
}

// schemaPlan is what is done to the inside of a value because of its schema.
type schemaPlan struct {
	steps []planStep
	// scalars says that a value without an inside, such as a text, is to be looked at too.
	scalars bool
}

// planStep is what one keyword of a schema asks for. The keyword says which of the fields are set.
type planStep struct {
	fields map[string]*fieldCast // properties
	order  []*fieldCast          // the same, in their order
	items  *fieldCast
	ref    *schemaPlan
	types  []string // at least one of them is unknown: a value that none of those before it fits ends the stream
	err    error    // ends the stream at an object
	never  error    // ends the stream at any value
}

// fieldCast is what is done to one property, or to each element of a list.
type fieldCast struct {
	name string // for warnings: its path
	key  string
	typ  string // the type that values are cast to; empty: none
	null bool   // null stays
	wrap bool   // a scalar becomes a list
	next *schemaPlan
	err  error // ends the stream at any value but an allowed null
	from *casts
}

// wants reports whether the value with this JSON text may have to be cast.
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

// isFloatText reports whether JSON text is that of a float.
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

// cast returns the value in the field's type, and whether that changed it.
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
