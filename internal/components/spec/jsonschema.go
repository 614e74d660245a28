package spec

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/python/pyre"
	"anytap/internal/value"
)

// CompileSchema compiles a JSON Schema as the reference runtime's validator reads it: the draft is
// the one that $schema names, or the latest; formats are not checked; patterns are Python's. An
// error means that schema is not a JSON Schema. It is a *Misfit if the wrong part is known.
func CompileSchema(schema any) (*jsonschema.Schema, error) {
	schema = value.Clone(schema)
	if d, ok := schema.(*value.Dict); ok {
		if draft, ok := d.Get("$schema"); ok && !knownDrafts[strings.TrimSuffix(value.Str(draft), "#")] {
			d.Delete("$schema")
		}
	}
	renamePatterns(schema)
	compiler := jsonschema.NewCompiler()
	for format := range jsonschema.Formats {
		compiler.Formats[format] = func(any) bool { return true }
	}
	compiler.RegisterExtension(pythonPattern, nil, patterns{})
	if err := compiler.AddResource(schemaAddress, bytes.NewReader(value.Append(nil, schema))); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile(schemaAddress)
	if failed, ok := errors.AsType[*jsonschema.SchemaError](err); ok {
		if fault, ok := errors.AsType[*jsonschema.ValidationError](failed.Err); ok {
			return nil, misfit(fault)
		}
	}
	return compiled, err
}

// Check holds a value against a schema. The error is a *Misfit for a number that 64 bits do not
// hold, which the library does not bear, and else the library's.
func Check(schema *jsonschema.Schema, v any) error {
	if path, endless := endlessNumber(v, nil); endless {
		return &Misfit{path, "is no number that 64 bits hold, expected one between -1.8e308 and 1.8e308"}
	}
	return schema.Validate(value.ToGo(v))
}

// endlessNumber finds an infinite number, or one that is none.
func endlessNumber(v any, path []string) (where []string, found bool) {
	switch v := v.(type) {
	case float64:
		return path, math.IsInf(v, 0) || math.IsNaN(v)
	case *value.Dict:
		for name, inner := range v.All() {
			if where, found := endlessNumber(inner, append(path[:len(path):len(path)], name)); found {
				return where, true
			}
		}
	case *value.List:
		for i, inner := range v.All() {
			if where, found := endlessNumber(inner, append(path[:len(path):len(path)], strconv.Itoa(i))); found {
				return where, true
			}
		}
	}
	return nil, false
}

// schemaAddress is the schema's address for the compiler. References are relative to it, so it must
// not be that of a file.
const schemaAddress = "manifest:///schema"

// Misfit is the part of a schema that is wrong.
type Misfit struct {
	Path  []string // names and indices; empty: the schema as a whole
	Fault string
}

func (m *Misfit) Error() string {
	if len(m.Path) == 0 {
		return m.Fault
	}
	return strings.Join(m.Path, ".") + ": " + m.Fault
}

func misfit(fault *jsonschema.ValidationError) *Misfit {
	fault = firstCause(fault)
	return &Misfit{Location(fault), fault.Message}
}

// firstCause returns the first of the faults that a fault is made of.
func firstCause(fault *jsonschema.ValidationError) *jsonschema.ValidationError {
	for len(fault.Causes) > 0 {
		fault = fault.Causes[0]
	}
	return fault
}

// Location returns the path of the wrong value, as names and indices; empty: the document as a
// whole.
func Location(fault *jsonschema.ValidationError) []string {
	pointer, err := url.PathUnescape(fault.InstanceLocation) // names are escaped as in a URL
	if err != nil {
		pointer = fault.InstanceLocation
	}
	pointer, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return nil
	}
	return value.Pointer(pointer)
}

// knownDrafts are the values of $schema, without a fragment, that name a draft. Others are ignored.
var knownDrafts = map[string]bool{
	"http://json-schema.org/draft-04/schema":       true,
	"http://json-schema.org/draft-06/schema":       true,
	"http://json-schema.org/draft-07/schema":       true,
	"https://json-schema.org/draft/2019-09/schema": true,
	"https://json-schema.org/draft/2020-12/schema": true,
}

// pythonPattern is the keyword that takes the place of pattern, for Python's dialect.
const pythonPattern = "x-python-pattern"

// renamePatterns moves patterns to that keyword, because the library would read them in Go's
// dialect. What is no pattern in Python is an error then.
func renamePatterns(v any) {
	switch v := v.(type) {
	case *value.Dict:
		for _, inner := range v.AllKeys() {
			renamePatterns(inner)
		}
		text, _ := v.Get("pattern")
		pattern, ok := text.(string)
		if !ok {
			return
		}
		v.Delete("pattern")
		v.Set(pythonPattern, pattern)
	case *value.List:
		for _, inner := range v.All() {
			renamePatterns(inner)
		}
	}
}

// patterns is the keyword pythonPattern.
type patterns struct{}

// Compile is jsonschema.ExtCompiler's.
func (patterns) Compile(_ jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	text, ok := m[pythonPattern].(string)
	if !ok {
		return nil, nil
	}
	p, err := pyre.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return pattern{p}, nil
}

type pattern struct{ *pyre.Pattern }

// Validate is jsonschema.ExtSchema's. It looks for the pattern in a text; anything else passes.
func (p pattern) Validate(ctx jsonschema.ValidationContext, v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	if found, err := p.Found(text); err == nil && found {
		return nil
	}
	return ctx.Error("pattern", "does not match pattern %s", quoted(p.String()))
}

// quoted returns a text in single quotes, as the library's own messages have it.
func quoted(text string) string {
	text = strings.NewReplacer(`\"`, `"`, `'`, `\'`).Replace(strconv.Quote(text))
	return "'" + text[1:len(text)-1] + "'"
}
