package components

import (
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/components/spec"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Elsewhere is a member of a specification with the names of settings that it does not have, and of
// what they are settings: {"api_key": "pullbay"}. Messages tell of it.
const Elsewhere = spec.Elsewhere

// checkOwn validates a configuration against the manifest's own specification. To discover streams
// that is not needed: it works with a configuration that lacks what only requests need.
func (d *document) checkOwn(s specification, config *value.Dict, e tap.Environment) error {
	if e.Discovering || d.overrides.Spec != nil {
		return nil
	}
	return d.checkConfig(s.Spec().Connection, config, e)
}

// checkConfig validates a configuration against its specification. The error names each field that
// is wrong.
func (d *document) checkConfig(connection, config *value.Dict, e tap.Environment) error {
	schema, err := spec.CompileSchema(connection)
	if err != nil {
		return d.noSchema(err)
	}
	err = schema.Validate(value.ToGo(config))
	if invalid, ok := err.(*jsonschema.ValidationError); ok { //nolint:errorlint // Validate returns just this type
		return tap.Errorf(tap.Config, "%s: %s", e.ConfigFile, strings.Join(spec.Explain(invalid, connection, config), "; "))
	}
	if err != nil {
		return tap.Errorf(tap.System, "check the configuration: %w", err)
	}
	return nil
}

// noSchema is the error of a specification that is not a JSON Schema. It names the place in the
// manifest, if that is known.
func (d *document) noSchema(err error) error {
	if part, ok := errors.AsType[*spec.Misfit](err); ok && d.overrides.Spec == nil {
		if n := d.root.At(append([]string{"spec", "connection_specification"}, part.Path...)...); n != nil {
			return n.Problem("is no JSON Schema: %s", part.Fault)
		}
	}
	return tap.Errorf(tap.System, "the specification is no JSON Schema: %w", err)
}
