package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// secretNames are the parts of names that only secrets have.
var secretNames = []string{"secret", "token", "password", "api_key", "client_id"}

// aboutTokens are settings that say something of a token and are none.
var aboutTokens = []string{"token_url", "token_expiry_date", "token_path", "token_header", "token_params"}

// TestSpecDescribesEverySetting wants a title, a description and a type of each, and every secret
// marked.
func TestSpecDescribesEverySetting(t *testing.T) {
	t.Parallel()
	if _, err := jsonschema.CompileString("spec.json", string(spec)); err != nil {
		t.Fatal(err)
	}
	settings := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		d, ok := v.(map[string]any)
		if !ok {
			return
		}
		properties, _ := d["properties"].(map[string]any)
		if _, says := d["additionalProperties"]; properties != nil && !says && properties["source"] == nil {
			t.Errorf("%s does not say whether other settings are allowed: set additionalProperties", path)
		}
		for name, p := range properties {
			settings++
			at := path + "." + name
			property := p.(map[string]any)
			for _, word := range []string{"title", "description", "type"} {
				if property[word] == nil || property[word] == "" {
					t.Errorf("%s has no %s", at, word)
				}
			}
			holdsSecret := slices.ContainsFunc(secretNames, func(s string) bool { return strings.Contains(name, s) }) && !slices.Contains(aboutTokens, name) || name == "key"
			if secret := property["airbyte_secret"] == true; secret != holdsSecret {
				t.Errorf("%s: airbyte_secret is %v", at, secret)
			}
			walk(at, property)
		}
		for _, word := range []string{"oneOf", "anyOf"} {
			options, _ := d[word].([]any)
			for i, option := range options {
				walk(fmt.Sprintf("%s.%s[%d]", path, word, i), option)
			}
		}
		walk(path+"[]", d["items"])
	}
	var document any
	if err := json.Unmarshal(spec, &document); err != nil {
		t.Fatal(err)
	}
	walk("", document)
	if settings < 60 {
		t.Errorf("only %d settings", settings)
	}
}
