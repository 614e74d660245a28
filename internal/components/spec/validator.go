package spec

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// DpathValidatorDefinition configures DpathValidator, which checks the values at a path of the
// configuration.
//
//	type: DpathValidator
//	field_path: [accounts, "*"]
//	validation_strategy: {type: ValidateAdheresToSchema, base_schema: {type: object, required: [id]}}
//
// A value that is not there is not checked.
type DpathValidatorDefinition struct {
	Path     []*jinja.String `manifest:"field_path,required" doc:"The path of the value; * stands for any name."`
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
	// check fails if v is wrong. The error does not repeat v, which may be secret.
	check(v any) error
}

// DpathValidator is a DpathValidator component.
type DpathValidator struct {
	now      func() time.Time
	path     []*jinja.String
	strategy strategy
}

// validate is validator's.
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

// find returns the values at a path; several says that the path may have more than one.
func find(path *dpath.Path, config *value.Dict, several bool) ([]any, error) {
	if several {
		return path.Values(config)
	}
	v, err := path.Get(config)
	return []any{v}, err
}

// PredicateValidatorDefinition configures PredicateValidator, which is to check a value that a
// template gives. It refuses every configuration: the reference runtime can not run it either, so
// that no manifest with one ever ran.
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

// PredicateValidator is a PredicateValidator component.
type PredicateValidator struct{}

var errPredicate = errors.New("a PredicateValidator can not be run, in the reference runtime neither: use a DpathValidator")

func (PredicateValidator) validate(*value.Dict) error { return errPredicate }
