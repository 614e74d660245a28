package restsource

import (
	"strings"

	"anytap/internal/value"
)

// authenticators make the authenticator for the configuration's auth, by its type. Without one
// requests are not signed.
var authenticators = map[string]func(auth *value.Dict) *value.Dict{
	"bearer": func(*value.Dict) *value.Dict {
		return value.DictOf("type", "BearerAuthenticator", "api_token", secret("token"))
	},
	"api_key": func(auth *value.Dict) *value.Dict {
		into := "header"
		if text(auth, "in") == "query" {
			into = "request_parameter"
		}
		return value.DictOf("type", "ApiKeyAuthenticator", "api_token", secret("key"), "inject_into", option(into, text(auth, "name")))
	},
	"basic": func(*value.Dict) *value.Dict {
		return value.DictOf("type", "BasicHttpAuthenticator", "username", secret("username"), "password", quoted("config['auth'].get('password') or ''"))
	},
	"oauth2": func(auth *value.Dict) *value.Dict {
		a := value.DictOf("type", "OAuthAuthenticator",
			"token_refresh_endpoint", "{{ config['auth']['token_url'] }}",
			"grant_type", "client_credentials",
			"client_id", secret("client_id"),
			"client_secret", secret("client_secret"))
		if scopes := list(auth, "scopes"); scopes.Len() > 0 {
			// The authenticator's own field would be sent as scopes, which is not what RFC 6749
			// calls it.
			a.Set("refresh_request_body", value.DictOf("scope", exact(joined(scopes))))
		}
		return a
	},
}

// secret is the template of a field of auth.
func secret(field string) string { return quoted("config['auth']['" + field + "']") }

// joined returns the texts of a list with blanks between them.
func joined(l *value.List) string {
	var texts []string
	for _, v := range l.All() {
		texts = append(texts, value.Str(v))
	}
	return strings.Join(texts, " ")
}
