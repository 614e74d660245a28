package requester

import (
	"testing"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/value"
)

// TestAccountOf compares the accounts of two definitions with two configurations.
func TestAccountOf(t *testing.T) {
	t.Parallel()
	type bearerDefinition struct {
		Token *jinja.String `manifest:"api_token" doc:"The token."`
	}
	table := manifest.Table{"BearerAuthenticator": {Definition: func() any { return bearerDefinition{} }}}
	const (
		bearer = `{type: BearerAuthenticator, api_token: "{{ config['key'] }}"}`
		config = `{"key": "a", "start": "2026-01-01", "auth": {"user": "x"}}`
	)
	for name, test := range map[string]struct {
		first, second string // definitions; empty: bearer
		of            string // the second configuration
		same          bool
	}{
		"the same":                             {of: config, same: true},
		"another key":                          {of: `{"key": "b", "start": "2026-01-01", "auth": {"user": "x"}}`},
		"another start":                        {of: `{"key": "a", "start": "2026-02-02", "auth": {"user": "x"}}`, same: true},
		"a key that stands in the definition":  {second: `{type: BearerAuthenticator, api_token: "b"}`, of: config},
		"another type":                         {second: `{type: ApiKeyAuthenticator, api_token: "{{ config['key'] }}", header: X}`, of: config},
		"parameters of the stream":             {second: `{type: BearerAuthenticator, api_token: "{{ config['key'] }}", $parameters: {name: b}}`, of: config, same: true},
		"parameters that are used":             {first: `{type: BearerAuthenticator, api_token: "{{ parameters['k'] }}", $parameters: {k: a}}`, second: `{type: BearerAuthenticator, api_token: "{{ parameters['k'] }}", $parameters: {k: b}}`, of: config},
		"a parameter that is a field":          {first: `{type: BearerAuthenticator, $parameters: {api_token: a}}`, second: `{type: BearerAuthenticator, $parameters: {api_token: b}}`, of: config},
		"a nested member":                      {first: `{type: B, t: "{{ config.auth.user }}"}`, second: `{type: B, t: "{{ config.auth.user }}"}`, of: `{"key": "a", "auth": {"user": "y"}}`},
		"by get":                               {first: `{type: B, t: "{{ config.get('auth') }}"}`, second: `{type: B, t: "{{ config.get('auth') }}"}`, of: `{"key": "a", "auth": {"user": "y"}}`},
		"the whole configuration":              {first: `{type: B, t: "{{ config | string }}"}`, second: `{type: B, t: "{{ config | string }}"}`, of: `{"key": "a", "start": "2026-02-02", "auth": {"user": "x"}}`},
		"a member whose name is a template":    {first: `{type: B, t: "{{ config[config['auth']['user']] }}"}`, second: `{type: B, t: "{{ config[config['auth']['user']] }}"}`, of: `{"auth": {"user": "x"}, "x": "other"}`},
		"a path, as tokens that are kept have": {first: `{type: B, path: [auth, token]}`, second: `{type: B, path: [auth, token]}`, of: `{"key": "a", "auth": {"user": "y"}}`},
	} {
		account := func(text, config string) string {
			v, err := value.DecodeString(config)
			if err != nil {
				t.Fatal(err)
			}
			if text == "" {
				text = bearer
			}
			return accountOf(manifest.NewCompiler(table, v.(*value.Dict)), manifesttest.Resolve(t, "test.yaml", text))()
		}
		first, second := account(test.first, config), account(test.second, test.of)
		if (first == second) != test.same {
			t.Errorf("%s: same account: %v\n%s\n%s", name, !test.same, first, second)
		}
	}
}
