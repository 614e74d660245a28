package spec

import (
	"errors"

	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Definition configures Spec: what the configuration may hold, and how it is changed and checked.
//
//	type: Spec
//	documentation_url: "https://docs.example.com"
//	connection_specification: {type: object, required: [api_key], properties: {api_key: {type: string, airbyte_secret: true}}}
//	advanced_auth: {auth_flow_type: oauth2.0}
//	config_normalization_rules:
//	  type: ConfigNormalizationRules
//	  config_migrations: [{type: ConfigMigration, transformations: [{type: ConfigRemoveFields, field_pointers: [[old]]}]}]
//	  transformations: [{type: ConfigRemapField, field_path: [region], map: {eu: europe}}]
//	  validations: [{type: DpathValidator, field_path: [accounts], validation_strategy: {type: ValidateAdheresToSchema, base_schema: {type: array}}}]
type Definition struct {
	Connection       *value.Dict    `manifest:"connection_specification,required" doc:"JSON Schema of the configuration."`
	DocumentationURL string         `manifest:"documentation_url" doc:"Where the connector is described."`
	AdvancedAuth     *manifest.Node `manifest:"advanced_auth,is=AuthFlow" doc:"How the platform lets a user log in."`
	Rules            *rules         `manifest:"config_normalization_rules" doc:"How a configuration is changed and checked before it is used."`
}

type rules struct {
	_               struct{}         `manifest:",closed"`
	Type            string           `manifest:"type,required,enum=ConfigNormalizationRules" doc:"ConfigNormalizationRules."`
	Migrations      []*manifest.Node `manifest:"config_migrations,of=ConfigMigration" doc:"Changes that are stored."`
	Transformations []*manifest.Node `manifest:"transformations,of=ConfigRemapField|ConfigAddFields|ConfigRemoveFields|CustomConfigTransformation" doc:"Changes for the run only, made after the migrations."`
	Validations     []*manifest.Node `manifest:"validations,of=DpathValidator|PredicateValidator" doc:"Checks of the changed configuration."`
}

// Build builds a Spec. A Custom part does not keep the specification from being printed; it fails
// when it would have to run.
func Build(c *manifest.Compiler, n *manifest.Node) (*Spec, error) {
	var def Definition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &Spec{spec: tap.Spec{Connection: withoutNone(def.Connection), DocumentationURL: def.DocumentationURL}}
	if def.AdvancedAuth != nil {
		var err error
		if s.spec.AdvancedAuth, err = manifest.BuildAs[*value.Dict](c, def.AdvancedAuth, "AuthFlow"); err != nil {
			return nil, err
		}
	}
	if def.Rules == nil {
		return s, nil
	}
	migrations, err := manifest.BuildAll[*Migration](c, def.Rules.Migrations)
	if err != nil {
		return nil, err
	}
	for _, m := range migrations {
		s.migrations = append(s.migrations, m.transformations...)
	}
	if s.transformations, err = buildAll(c, def.Rules.Transformations, func(err error) transformation { return unsupported{err} }); err != nil {
		return nil, err
	}
	s.validators, err = buildAll(c, def.Rules.Validations, func(err error) validator { return unsupported{err} })
	return s, err
}

// buildAll builds a list of parts. instead makes the substitute for a Custom part, of the error
// that it fails with.
func buildAll[T any](c *manifest.Compiler, nodes []*manifest.Node, instead func(error) T) ([]T, error) {
	all := make([]T, 0, len(nodes))
	for _, n := range nodes {
		v, err := manifest.Build[T](c, n)
		if u, ok := errors.AsType[*manifest.UnsupportedError](err); ok {
			v, err = instead(u), nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Spec is a Spec component.
type Spec struct {
	spec                        tap.Spec
	migrations, transformations []transformation
	validators                  []validator
}

// transformation changes a configuration.
type transformation interface {
	// transform changes config in place.
	transform(config *value.Dict) error
}

// validator checks a configuration.
type validator interface {
	// validate fails if config is wrong. The error does not repeat values, which may be secret.
	validate(config *value.Dict) error
}

// unsupported stands for a Custom part.
type unsupported struct{ err error }

func (u unsupported) transform(*value.Dict) error { return u.err }
func (u unsupported) validate(*value.Dict) error  { return u.err }

// Spec returns the connector's specification.
func (s *Spec) Spec() *tap.Spec { return &s.spec }

// Migrate brings an older configuration into its present form. changed says that it is to be
// stored. As in the reference runtime, that is not so after a change inside an object at the top of
// the configuration: it is made again in each run.
func (s *Spec) Migrate(config *value.Dict) (changed bool, err error) {
	before := map[string]any{}
	for name, v := range config.All() {
		before[name] = v
	}
	for _, t := range s.migrations {
		if err := t.transform(config); err != nil {
			return false, err
		}
	}
	if config.Len() != len(before) {
		return true, nil
	}
	for name, v := range config.All() {
		was, ok := before[name]
		if !ok || !value.Equal(was, v) {
			return true, nil
		}
	}
	return false, nil
}

// Transform changes the configuration for this run.
func (s *Spec) Transform(config *value.Dict) error {
	for _, t := range s.transformations {
		if err := t.transform(config); err != nil {
			return err
		}
	}
	return nil
}

// Validate runs the specification's own checks.
func (s *Spec) Validate(config *value.Dict) error {
	for _, v := range s.validators {
		if err := v.validate(config); err != nil {
			return err
		}
	}
	return nil
}

// withoutNone drops the members that are null, but not those inside other members: so the reference
// runtime writes the specification.
func withoutNone(d *value.Dict) *value.Dict {
	out := value.NewDict(d.Len())
	for name, v := range d.AllKeys() {
		if v != nil {
			out.SetKey(name, v)
		}
	}
	return out
}
