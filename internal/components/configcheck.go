package components

import (
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/components/spec"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// checkConfig validates a configuration against its specification. The error names each field that
// is wrong. Discovery does not need it: it works with a configuration that lacks what only requests
// need.
func (d *document) checkConfig(s specification, config *value.Dict, e tap.Environment) error {
	if e.Discovering {
		return nil
	}
	schema, err := spec.CompileSchema(d.connection(s))
	if err != nil {
		return d.noSchema(err)
	}
	if err := schema.Validate(value.ToGo(config)); err != nil {
		return tap.Errorf(tap.Config, "%s: %s", e.ConfigFile, configProblems(err, config))
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

// configProblems lists the fields that are wrong, but not their values, which may be secret.
func configProblems(err error, config *value.Dict) string {
	invalid, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // Validate returns just this type
	if !ok {
		return err.Error()
	}
	var lines []string
	var walk func(*jsonschema.ValidationError)
	walk = func(v *jsonschema.ValidationError) {
		if len(v.Causes) > 0 {
			for _, cause := range v.Causes {
				walk(cause)
			}
			return
		}
		field := strings.Join(spec.Location(v), ".")
		if field == "" {
			field = "the configuration"
		}
		lines = append(lines, field+": "+withoutValues(v, config))
	}
	walk(invalid)
	return strings.Join(lines, "; ")
}

// withoutValues removes a wrong value from its message. Other values that a message quotes are
// those of a pattern or enum.
func withoutValues(v *jsonschema.ValidationError, config *value.Dict) string {
	at, ok := value.At(config, spec.Location(v)...)
	text, isText := at.(string)
	if ok && isText && len(text) > 0 {
		return strings.ReplaceAll(v.Message, text, "…")
	}
	return v.Message
}
