package restsource

import (
	"cmp"
	"errors"
	"fmt"

	"anytap/internal/value"
)

// authenticators make the authenticator for the configuration's auth, by its type. Without one
// requests are not signed.
var authenticators = map[string]func(auth *value.Dict) (*value.Dict, error){
	"bearer": func(*value.Dict) (*value.Dict, error) {
		return value.DictOf("type", "BearerAuthenticator", "api_token", secret("token")), nil
	},
	"api_key": apiKey,
	"basic": func(*value.Dict) (*value.Dict, error) {
		return value.DictOf("type", "BasicHttpAuthenticator", "username", secret("username"), "password", optional("password")), nil
	},
	"oauth2": oauth2,
	"login":  login,
	"aws": func(*value.Dict) (*value.Dict, error) {
		return value.DictOf("type", "AWSAuthenticator", "region", secret("region"), "service", secret("service"),
			"access_key_id", secret("access_key_id"), "secret_access_key", secret("secret_access_key"), "session_token", optional("session_token")), nil
	},
}

// authenticatorOf returns the authenticator of all streams; nil: requests are not signed.
func authenticatorOf(config *value.Dict) (*value.Dict, error) {
	auth := dict(config, "auth")
	make, ok := authenticators[text(auth, "type")]
	if !ok {
		return nil, nil
	}
	return make(auth)
}

// fetchesTokens reports whether a token that the API refuses can be replaced.
func fetchesTokens(config *value.Dict) bool {
	kind := text(dict(config, "auth"), "type")
	return kind == "oauth2" || kind == "login"
}

// apiKey returns the authenticator of one key, or of several headers.
func apiKey(auth *value.Dict) (*value.Dict, error) {
	headers := dict(auth, "headers")
	if headers == nil {
		if !has(auth, "key") || !has(auth, "name") {
			return nil, errors.New("key or name is missing, expected the key and the name of its header, or several headers")
		}
		into, err := placeOf(nil, cmp.Or(text(auth, "in"), "header"))
		if err != nil {
			return nil, fmt.Errorf("in %w", err)
		}
		option, err := optionAt(into, text(auth, "name"))
		return value.DictOf("type", "ApiKeyAuthenticator", "api_token", secret("key"), "inject_into", option), err
	}
	if has(auth, "key") || has(auth, "name") || has(auth, "in") {
		return nil, errors.New("headers is given beside key, name or in, expected one key or several headers")
	}
	return value.DictOf("type", "HeadersAuthenticator", "headers", authHeaders(headers)), nil
}

// authHeaders are the templates of the headers of auth.
func authHeaders(headers *value.Dict) *value.Dict {
	out := value.NewDict(headers.Len())
	for name := range headers.All() {
		out.Set(exact(name), quoted("config['auth']['headers']["+value.Repr(name)+"]"))
	}
	return out
}

// secret is the template of a field of auth.
func secret(field string) string { return quoted("config['auth']['" + field + "']") }

// optional is the template of a field of auth that may be missing.
func optional(field string) string { return quoted("config['auth'].get('" + field + "') or ''") }
