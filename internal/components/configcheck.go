package components

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/components/spec"
	"anytap/internal/spelling"
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
	err := CheckConfig(s.Spec().Connection, config, e.ConfigFile)
	if wrong, ok := errors.AsType[*schemaError](err); ok {
		return d.noSchema(wrong.err)
	}
	if err == nil {
		d.warnUnknown(s.Spec().Connection, config, e)
	}
	return err
}

// warnUnknown tells of settings that the manifest's specification does not know and that the
// manifest does not mention. The specification may say that others are allowed.
func (d *document) warnUnknown(connection, config *value.Dict, e tap.Environment) {
	for _, word := range []string{"additionalProperties", "patternProperties", "oneOf", "anyOf", "allOf", "$ref"} {
		if _, says := connection.Get(word); says {
			return
		}
	}
	properties := value.Member[*value.Dict](connection, "properties")
	if properties == nil || e.Log == nil {
		return
	}
	var unknown []string
	text := ""
	for name := range config.All() {
		if _, known := properties.Get(name); known || strings.HasPrefix(name, "__") || slices.Contains(ownSettings, name) {
			continue
		}
		if text == "" {
			text = string(value.Append(nil, d.root.Value()))
		}
		if !mentions(text, name) {
			unknown = append(unknown, name+spelling.DidYouMean(name, properties.Keys()))
		}
	}
	if len(unknown) > 0 {
		e.Log.Warn("the configuration has settings that the manifest does not know", "settings", strings.Join(unknown, ", "), "file", e.ConfigFile)
	}
}

// mentions reports whether a name stands in a text as a word of its own.
func mentions(text, name string) bool {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(name):])
		if !isWord(before) && !isWord(after) {
			return true
		}
	}
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// ownSettings are settings that no specification needs to know: those of the run, and the tokens
// that a run keeps.
var ownSettings = []string{"anytap", "access_token", "refresh_token", "token_expiry_date"}

// CheckConfig validates a configuration against its specification. The error names the file and
// each field that is wrong.
func CheckConfig(connection, config *value.Dict, file string) error {
	schema, err := spec.CompileSchema(connection)
	if err != nil {
		return &schemaError{err}
	}
	err = spec.Check(schema, config)
	if invalid, ok := err.(*jsonschema.ValidationError); ok { //nolint:errorlint // Validate returns just this type
		return tap.Errorf(tap.Config, "%s: %s", file, strings.Join(onceFromDefaults(spec.Explain(invalid, connection, config)), "; "))
	}
	if endless, ok := errors.AsType[*spec.Misfit](err); ok {
		return tap.Errorf(tap.Config, "%s: %s %s", file, strings.Join(endless.Path, "."), endless.Fault)
	}
	if err != nil {
		return tap.Errorf(tap.System, "check the configuration: %w", err)
	}
	return nil
}

// schemaError is the error of a specification that is not a JSON Schema.
type schemaError struct{ err error }

func (e *schemaError) Error() string { return "the specification is no JSON Schema: " + e.err.Error() }

func (e *schemaError) Unwrap() error { return e.err }

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

// onceFromDefaults leaves out what is told of a stream and of defaults, from where the stream has
// it.
func onceFromDefaults(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		rest, ok := strings.CutPrefix(line, "streams[")
		_, setting, inner := strings.Cut(rest, "].")
		return ok && inner && slices.Contains(lines, "defaults."+setting)
	})
}
