package components

import (
	"strings"
	"testing"

	"anytap/internal/value"
)

func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	const secret = `{"airbyte_secret": true}`
	for name, c := range map[string]struct{ schema, config, want, names string }{
		"a member":                   {`{"properties": {"a": ` + secret + `, "b": {}}}`, `{"a": "x", "b": "y"}`, "x", "a"},
		"a number":                   {`{"properties": {"a": ` + secret + `}}`, `{"a": 12}`, "12", "a"},
		"all of an object":           {`{"properties": {"a": ` + secret + `}}`, `{"a": {"b": "x", "c": ["y"]}}`, "x y", "a.b a.c.0"},
		"elements":                   {`{"properties": {"a": {"items": {"properties": {"k": ` + secret + `}}}}}`, `{"a": [{"k": "x"}, {"k": "y"}]}`, "x y", "a.0.k a.1.k"},
		"of an alternative":          {`{"oneOf": [{"properties": {"a": ` + secret + `}}, {"properties": {"b": {}}}]}`, `{"a": "x", "b": "y"}`, "x", "a"},
		"by their names":             {`{"patternProperties": {"(?i)key": ` + secret + `, "(": ` + secret + `}}`, `{"X-Key": "abcdefg1", "Accept": "abcdefg2", "Sort-Key": "created"}`, "abcdefg1", "X-Key"},
		"members that are not named": {`{"properties": {"b": {}}, "additionalProperties": ` + secret + `}`, `{"a": "x", "b": "y", "c": {"d": "z"}}`, "x z", "a c.d"},
		"null is none":               {`{"properties": {"a": ` + secret + `}}`, `{"a": null}`, "", ""},
		"what is not a schema":       {`{"properties": {"a": true}}`, `{"a": "x"}`, "", ""},
	} {
		texts, names := secrets(dictOf(t, c.schema), dictOf(t, c.config))
		if got := strings.Join(texts, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if got := strings.Join(names, " "); got != c.names {
			t.Errorf("%s: names %q, want %q", name, got, c.names)
		}
		again, _ := secrets(SecretSchema(dictOf(t, c.schema), dictOf(t, c.config)), dictOf(t, c.config))
		if got := strings.Join(again, " "); got != c.want {
			t.Errorf("%s: by the schema of secrets alone got %q, want %q", name, got, c.want)
		}
	}
}

func TestSecretSchema(t *testing.T) {
	t.Parallel()
	const secret = `{"airbyte_secret": true}`
	schema := dictOf(t, `{"properties": {"a": {"properties": {"k": `+secret+`}}, "l": {"items": {"patternProperties": {"key": `+secret+`}}}, "b": {"type": "string"}}}`)
	config := dictOf(t, `{"a": {"k": "x"}, "b": "y", "l": [{"key": "word"}, {"key": "abcdefg1", "other": "abcdefg2"}]}`)
	const want = `{"type":"object","additionalProperties":true,"properties":{"a":{"properties":{"k":{"airbyte_secret":true}}},"l":{"items":{"properties":{"key":{"airbyte_secret":true}}}}}}`
	if got := string(value.Append(nil, SecretSchema(schema, config))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
