package restsource

import (
	"cmp"
	"errors"
	"strings"

	"anytap/internal/value"
)

// login returns the authenticator that logs in for a token.
func login(auth *value.Dict) (*value.Dict, error) {
	requester, err := loginRequester(auth)
	if err != nil {
		return nil, err
	}
	a := value.DictOf("type", "LoginAuthenticator", "login_requester", requester)
	for _, name := range []string{"token_path", "expires_path"} {
		if _, err := pathOf(auth, name); err != nil {
			return nil, err
		}
	}
	carry(a, auth, "token_path", "expires_path")
	header := text(auth, "token_header")
	switch {
	case has(auth, "token_path") == (header != ""):
		return nil, errors.New("token_path is missing, expected where the answer to the login holds the token, or else token_header")
	case header != "":
		a.Set("token_header", exact(header))
	}
	if life, _ := auth.Get("expires_in"); life != nil {
		a.Set("expires_in", value.Str(life))
	}
	place, name, prefix := "header", cmp.Or(text(auth, "header"), "Authorization"), ""
	if param := text(auth, "param"); param != "" {
		if has(auth, "header") {
			return nil, errors.New("header and param are both given, expected one place for the token")
		}
		place, name = "request_parameter", param
	}
	if place == "header" && strings.EqualFold(name, "Authorization") {
		prefix = "Bearer"
	}
	if has(auth, "prefix") {
		prefix = text(auth, "prefix")
	}
	a.Set("inject_into", option(place, name))
	if prefix != "" {
		a.Set("prefix", quoted(value.Repr(spaced(prefix))))
	}
	return a, nil
}

// spaced puts a blank behind a prefix that is a word, such as Bearer.
func spaced(prefix string) string {
	last := prefix[len(prefix)-1] | 0x20
	if last >= 'a' && last <= 'z' {
		return prefix + " "
	}
	return prefix
}

// loginRequester returns the request that logs in.
func loginRequester(auth *value.Dict) (*value.Dict, error) {
	requester := value.DictOf("type", "HttpRequester", "url_base", "{{ config['base_url'] }}", "path", "{{ config['auth']['login_url'] }}")
	if strings.Contains(text(auth, "login_url"), "://") {
		// The configuration gives this host, so that it gets the credentials.
		requester = value.DictOf("type", "HttpRequester", "url_base", "{{ config['auth']['login_url'] }}")
	}
	requester.Set("http_method", cmp.Or(text(auth, "method"), "POST"))
	if headers := dict(auth, "headers"); headers != nil && headers.Len() > 0 {
		requester.Set("request_headers", authHeaders(headers))
	}
	if err := setBody(requester, auth, "config['auth']", &partitions{}); err != nil {
		return nil, err
	}
	refused := value.DictOf("type", "HttpResponseFilter", "http_codes", value.FromGo([]int{400, 401, 403, 404, 405, 422}), "action", "FAIL", "failure_type", "config_error",
		"error_message", "the login was refused: check auth.login_url and the credentials beside it")
	other := value.DictOf("type", "HttpResponseFilter", "http_codes", value.FromGo(final), "action", "FAIL")
	requester.Set("error_handler", value.DictOf("type", "DefaultErrorHandler", "response_filters", value.NewList(refused, other)))
	return requester, nil
}
