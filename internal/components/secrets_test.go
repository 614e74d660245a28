package components

import (
	"strings"
	"testing"
)

func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	const secret = `{"airbyte_secret": true}`
	for name, c := range map[string]struct{ schema, config, want string }{
		"a member":                   {`{"properties": {"a": ` + secret + `, "b": {}}}`, `{"a": "x", "b": "y"}`, "x"},
		"a number":                   {`{"properties": {"a": ` + secret + `}}`, `{"a": 12}`, "12"},
		"all of an object":           {`{"properties": {"a": ` + secret + `}}`, `{"a": {"b": "x", "c": ["y"]}}`, "x y"},
		"elements":                   {`{"properties": {"a": {"items": {"properties": {"k": ` + secret + `}}}}}`, `{"a": [{"k": "x"}, {"k": "y"}]}`, "x y"},
		"of an alternative":          {`{"oneOf": [{"properties": {"a": ` + secret + `}}, {"properties": {"b": {}}}]}`, `{"a": "x", "b": "y"}`, "x"},
		"by their names":             {`{"patternProperties": {"(?i)key": ` + secret + `, "(": ` + secret + `}}`, `{"X-Key": "x", "Accept": "y"}`, "x"},
		"members that are not named": {`{"properties": {"b": {}}, "additionalProperties": ` + secret + `}`, `{"a": "x", "b": "y", "c": {"d": "z"}}`, "x z"},
		"null is none":               {`{"properties": {"a": ` + secret + `}}`, `{"a": null}`, ""},
		"what is not a schema":       {`{"properties": {"a": true}}`, `{"a": "x"}`, ""},
	} {
		if got := strings.Join(secrets(dictOf(t, c.schema), dictOf(t, c.config)), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
