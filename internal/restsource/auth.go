package restsource

import (
	"strings"

	"anytap/internal/value"
)

// authenticator writes the component for the configuration's auth; nil: requests are not signed.
func authenticator(auth *value.Dict) *value.Dict {
	secret := func(field string) string { return quoted("config['auth']['" + field + "']") }
	switch text(auth, "type") {
	case "bearer":
		return value.DictOf("type", "BearerAuthenticator", "api_token", secret("token"))
	case "api_key":
		into := "header"
		if text(auth, "in") == "query" {
			into = "request_parameter"
		}
		return value.DictOf("type", "ApiKeyAuthenticator", "api_token", secret("key"), "inject_into", option(into, text(auth, "name")))
	case "basic":
		return value.DictOf("type", "BasicHttpAuthenticator", "username", secret("username"), "password", quoted("config['auth'].get('password') or ''"))
	case "oauth2":
		d := value.DictOf("type", "OAuthAuthenticator", "token_refresh_endpoint", "{{ config['auth']['token_url'] }}", "grant_type", "client_credentials",
			"client_id", secret("client_id"), "client_secret", secret("client_secret"))
		if scopes := list(auth, "scopes"); scopes.Len() > 0 {
			var names []string
			for _, scope := range scopes.All() {
				names = append(names, value.Str(scope))
			}
			// The component's own word, scopes, is not RFC 6749's.
			d.Set("refresh_request_body", value.DictOf("scope", exact(strings.Join(names, " "))))
		}
		return d
	}
	return nil
}
