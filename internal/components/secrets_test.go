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
		"by telling names anywhere":  {`{}`, `{"streams": [{"params": {"api_key": "abcdefg1", "page_token": "abcdefg2", "token": "start"}}], "access_token_expiry_date": "2026-11-30T12:00:00Z", "tokens": ["abcdefg3"]}`, "abcdefg1 abcdefg3", "streams.0.params.api_key tokens.0"},
		"once":                       {`{"properties": {"api_key": ` + secret + `}}`, `{"api_key": "abcdefg1"}`, "abcdefg1", "api_key"},
		"true is none":               {`{"properties": {"a": ` + secret + `}}`, `{"a": true}`, "", ""},
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

// TestPartsOfSecretsAreFound finds what stands inside of texts, which the schema can not say.
func TestPartsOfSecretsAreFound(t *testing.T) {
	t.Parallel()
	config := dictOf(t, `{"headers": {"Authorization": "Bearer abcdefg1", "Cookie": "s=abcdefg2; theme=dark"}, "base_url": "https://me:abcdefg3@api.test", "path": "/a?token=abcdefg4&page=1"}`)
	texts, names := secrets(dictOf(t, `{}`), config)
	const want = "Bearer abcdefg1|abcdefg1|s=abcdefg2; theme=dark|abcdefg2|abcdefg3|abcdefg4"
	if got := strings.Join(texts, "|"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := strings.Join(names, " "), "headers.Authorization headers.Authorization#1 headers.Cookie headers.Cookie#1 base_url#1 path#1"; got != want {
		t.Errorf("names %q, want %q", got, want)
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
