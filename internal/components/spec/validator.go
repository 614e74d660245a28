package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// DpathValidatorDefinition are the fields of
//
//	type: DpathValidator
//	field_path: [accounts, "*"]
//	validation_strategy: {type: ValidateAdheresToSchema, base_schema: {type: object, required: [id]}}
type DpathValidatorDefinition struct {
	Path     []*jinja.String `manifest:"field_path,required" doc:"The names on the way to the value; * stands for any."`
	Strategy *manifest.Node  `manifest:"validation_strategy,required,is=ValidateAdheresToSchema|CustomValidationStrategy" doc:"The check."`
}

// BuildDpathValidator builds a DpathValidator.
func BuildDpathValidator(c *manifest.Compiler, n *manifest.Node) (*DpathValidator, error) {
	var def DpathValidatorDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s, err := manifest.Build[strategy](c, def.Strategy)
	return &DpathValidator{now: c.Now, path: def.Path, strategy: s}, err
}

// strategy checks one value.
type strategy interface {
	check(v any) error
}

// DpathValidator checks the values at a path; where there is none there is nothing to check.
type DpathValidator struct {
	now      func() time.Time
	path     []*jinja.String
	strategy strategy
}

func (d *DpathValidator) validate(config *value.Dict) error {
	if len(d.path) == 0 {
		return errors.New("DpathValidator: field_path is empty")
	}
	env := jinja.NewEnv(d.now).Set("config", value.NewDict(0))
	names := make([]any, len(d.path))
	for i, part := range d.path {
		name, err := part.Eval(env)
		if err != nil {
			return fmt.Errorf("DpathValidator: field_path: %w", err)
		}
		names[i] = name
	}
	values, err := find(dpath.New(names...), config, slices.Contains(names, any("*")))
	if errors.Is(err, dpath.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("DpathValidator: field_path: %w", err)
	}
	for _, v := range values {
		if err := d.strategy.check(v); err != nil {
			return fmt.Errorf("the configuration at %s: %w", value.Str(value.NewList(names...)), err)
		}
	}
	return nil
}

func find(path *dpath.Path, config *value.Dict, several bool) ([]any, error) {
	if several {
		return path.Values(config)
	}
	v, err := path.Get(config)
	return []any{v}, err
}

// PredicateValidatorDefinition are the fields of
//
//	type: PredicateValidator
//	value: "{{ config['count'] }}"
//	validation_strategy: {type: ValidateAdheresToSchema, base_schema: {type: integer}}
type PredicateValidatorDefinition struct {
	Value    any            `manifest:"value,required,is=string|number|object|array|boolean|null" doc:"The value."`
	Strategy *manifest.Node `manifest:"validation_strategy,required,is=ValidateAdheresToSchema|CustomValidationStrategy" doc:"The check."`
}

// BuildPredicateValidator builds a PredicateValidator.
func BuildPredicateValidator(c *manifest.Compiler, n *manifest.Node) (PredicateValidator, error) {
	var def PredicateValidatorDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return PredicateValidator{}, err
	}
	_, err := manifest.Build[strategy](c, def.Strategy)
	return PredicateValidator{}, err
}

// PredicateValidator lets no configuration pass: the reference runtime's can not be called, so that a manifest with one never
// ran anywhere.
type PredicateValidator struct{}

var errPredicate = errors.New("a PredicateValidator can not be run, in the reference runtime neither: use a DpathValidator")

func (PredicateValidator) validate(*value.Dict) error { return errPredicate }

// SchemaStrategyDefinition are the fields of
//
//	type: ValidateAdheresToSchema
//	base_schema: {type: object, required: [id]}
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

// SchemaStrategy checks values by a JSON Schema; text is read as JSON first.
type SchemaStrategy struct {
	schema *jsonschema.Schema
	err    error // of the schema itself, which is noticed when it is used
}

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
	err := s.schema.Validate(value.ToGo(v))
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	return errors.New(describe(invalid))
}

// describe tells where and by which rule a value is wrong, but not the value, which may be a secret.
func describe(e *jsonschema.ValidationError) string {
	e = firstCause(e)
	at := e.InstanceLocation
	if at == "" {
		at = "it"
	}
	return fmt.Sprintf("%s does not keep to the schema's %s", at, strings.TrimPrefix(e.KeywordLocation, "/"))
}
