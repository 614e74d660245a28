package restsource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/value"
)

// oauth2 returns the authenticator that gets tokens from a token endpoint (RFC 6749). A refresh
// token that the endpoint replaces is written back to the configuration.
func oauth2(auth *value.Dict) (*value.Dict, error) {
	grant := text(auth, "grant_type")
	switch {
	case grant != "":
	case has(auth, "refresh_token"):
		grant = "refresh_token"
	case has(auth, "username"):
		grant = "password"
	default:
		grant = "client_credentials"
	}
	needs := map[string][]string{"client_credentials": {"client_secret"}, "refresh_token": {"refresh_token"}, "password": {"username", "password"}}
	for _, name := range needs[grant] {
		if !has(auth, name) {
			return nil, fmt.Errorf("%s is missing, expected it because of the grant %s", name, grant)
		}
	}
	for _, name := range []string{"refresh_token", "username", "password"} {
		if has(auth, name) && !has(auth, "grant_type") && !slices.Contains(needs[grant], name) {
			return nil, fmt.Errorf("%s has no use with the grant %s: leave it out, or set grant_type", name, grant)
		}
	}
	a := value.DictOf("type", "OAuthAuthenticator",
		"token_refresh_endpoint", "{{ config['auth']['token_url'] }}",
		"grant_type", grant,
		"client_id", secret("client_id"),
		"client_secret", clientSecret(auth))
	if grant == "refresh_token" {
		a.Set("refresh_token", secret("refresh_token"))
		a.Set("refresh_token_updater", value.DictOf(
			"refresh_token_config_path", value.NewList("auth", "refresh_token"),
			"access_token_config_path", value.NewList("auth", "access_token"),
			"token_expiry_date_config_path", value.NewList("auth", "token_expiry_date")))
	}
	if text(auth, "client_auth") == "basic" {
		if !has(auth, "client_secret") {
			return nil, errors.New("client_secret is missing, expected it because of client_auth: basic")
		}
		pair := "(config['auth']['client_id']|urlencode) ~ ':' ~ (config['auth']['client_secret']|urlencode)"
		a.Set("refresh_request_headers", value.DictOf("Authorization", "{{ 'Basic ' ~ (("+pair+")|base64encode) }}"))
	}
	fields, err := tokenFields(auth, grant)
	if err == nil && fields.Len() > 0 {
		a.Set("refresh_request_body", fields)
	}
	return a, err
}

// clientSecret is the template of the client's secret; a public client has none.
func clientSecret(auth *value.Dict) string {
	if has(auth, "client_secret") {
		return secret("client_secret")
	}
	return "{{ none }}"
}

// tokenFields returns the further fields of a request for a token.
func tokenFields(auth *value.Dict, grant string) (*value.Dict, error) {
	fields := value.NewDict(4)
	if grant == "password" {
		fields.Set("username", secret("username"))
		fields.Set("password", secret("password"))
	}
	if scopes := list(auth, "scopes"); scopes.Len() > 0 {
		// The authenticator's own field would be sent as scopes, which is not what RFC 6749 calls
		// it.
		fields.Set("scope", exact(joined(scopes)))
	}
	if has(auth, "audience") {
		fields.Set("audience", secret("audience"))
	}
	params := dict(auth, "token_params")
	if params == nil {
		return fields, nil
	}
	more, err := (&partitions{}).formOf(params, "config['auth']['token_params']")
	if err != nil {
		return nil, fmt.Errorf("token_params.%w", err)
	}
	for name, v := range more.All() {
		fields.Set(name, v)
	}
	return fields, nil
}

// joined returns the texts of a list with blanks between them.
func joined(l *value.List) string {
	var texts []string
	for _, v := range l.All() {
		texts = append(texts, value.Str(v))
	}
	return strings.Join(texts, " ")
}
