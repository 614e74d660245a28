package spec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

// SchemaStrategyDefinition configures ValidateAdheresToSchema, which checks a value by a JSON
// Schema.
//
//	type: ValidateAdheresToSchema
//	base_schema: {type: object, required: [id]}
//
// A text is read as JSON first.
type SchemaStrategyDefinition struct {
	Schema any `manifest:"base_schema,required,is=string|object" doc:"The JSON Schema."`
}

// BuildSchemaStrategy builds a ValidateAdheresToSchema.
func BuildSchemaStrategy(c *manifest.Compiler, n *manifest.Node) (*SchemaStrategy, error) {
	var def SchemaStrategyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &SchemaStrategy{}
	s.schema, s.err = CompileSchema(def.Schema)
	return s, nil
}

// SchemaStrategy is a ValidateAdheresToSchema.
type SchemaStrategy struct {
	schema *jsonschema.Schema
	err    error // the schema is wrong, which matters only when it is used
}

// check is strategy's.
func (s *SchemaStrategy) check(v any) error {
	if text, ok := v.(string); ok {
		decoded, err := value.DecodePython([]byte(text))
		if err != nil {
			return errors.New("is text that is no JSON")
		}
		v = decoded
	}
	if s.err != nil {
		return fmt.Errorf("base_schema: %w", s.err)
	}
	err := Check(s.schema, v)
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	return errors.New(describe(invalid))
}

// describe says where and by which rule a value is wrong, but not the value, which may be secret.
func describe(e *jsonschema.ValidationError) string {
	e = firstCause(e)
	at := e.InstanceLocation
	if at == "" {
		at = "it"
	}
	return fmt.Sprintf("%s does not keep to the schema's %s", at, strings.TrimPrefix(e.KeywordLocation, "/"))
}
