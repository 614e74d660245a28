package restsource

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/value"
)

// requesterOf returns the requester of the stream s; at is the template expression of s in the
// configuration. Parameters are part of the path, because the address of a next page replaces the
// path and must be sent as it is.
func requesterOf(config, s *value.Dict, at string, pages *pagination, parts *partitions) (*value.Dict, error) {
	path := text(s, "path")
	query, err := queryOf(dict(s, "params"), at+"['params']", parts)
	if err != nil {
		return nil, fmt.Errorf("params.%w", err)
	}
	if pages.sizeParam != "" {
		query = append(query, url.QueryEscape(pages.sizeParam)+"="+fmt.Sprint(pages.size))
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	switch template, before, filled := parts.path(path); {
	case filled:
		path, separator = template, cmp.Or(before, separator)
	case len(query) == 0:
		path = exact(path)
	default:
		path = verbatim(path)
	}
	if len(query) > 0 {
		path += separator + strings.Join(query, "&")
	}
	requester := value.DictOf("type", "HttpRequester", "url_base", "{{ config['base_url'] }}", "path", path, "http_method", "GET")
	if headers := dict(config, "headers"); headers != nil {
		out := value.NewDict(headers.Len())
		for name := range headers.All() {
			out.Set(exact(name), quoted("config['headers']["+value.Repr(name)+"]"))
		}
		requester.Set("request_headers", out)
	}
	auth := dict(config, "auth")
	if authenticator, ok := authenticators[text(auth, "type")]; ok {
		requester.Set("authenticator", authenticator(auth))
	}
	requester.Set("error_handler", errorHandler(text(auth, "type") == "oauth2"))
	return requester, nil
}

// final are statuses that stay the same at another try. Without a filter those that the reference
// runtime does not know are tried again.
var final = []int{402, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 423, 424, 428, 431, 451}

// errorHandler ends the stream at a final status. If tokens are fetched, it first replaces one that
// was refused.
func errorHandler(tokens bool) *value.Dict {
	filters := value.NewList()
	if tokens {
		filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.NewList(int64(401)), "action", "REFRESH_TOKEN_THEN_RETRY"))
	}
	filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.FromGo(final), "action", "FAIL"))
	return value.DictOf("type", "DefaultErrorHandler", "response_filters", filters)
}

// verbatim returns part so that it stands for itself in a longer template.
func verbatim(part string) string {
	for _, mark := range []string{"{{", "{%", "{#"} {
		if strings.Contains(part, mark) {
			return "{{ " + value.Repr(part) + " }}"
		}
	}
	return part
}

// queryOf returns the parts of the query for params; at is the template expression of params in the
// configuration, where texts are looked up. A list becomes several parameters of one name.
func queryOf(params *value.Dict, at string, parts *partitions) ([]string, error) {
	var query []string
	if params == nil {
		return nil, nil
	}
	for name, v := range params.All() {
		values, ats := []any{v}, []string{at + "[" + value.Repr(name) + "]"}
		if l, ok := v.(*value.List); ok {
			values, ats = l.Values(), nil
			for i := range values {
				ats = append(ats, fmt.Sprintf("%s[%s][%d]", at, value.Repr(name), i))
			}
		}
		for i, v := range values {
			part, err := queryValue(v, ats[i], parts)
			if err != nil {
				return nil, fmt.Errorf("%s %w", name, err)
			}
			if part != nil {
				query = append(query, url.QueryEscape(name)+"="+*part)
			}
		}
	}
	return query, nil
}

// queryValue returns the part for one value; nil if the parameter is left out.
func queryValue(v any, at string, parts *partitions) (*string, error) {
	var out string
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if filled, ok := parts.filled(v); ok {
			at = "(" + filled + " ~ '')"
		}
		out = "{{ " + at + "|urlencode }}"
	case bool:
		out = fmt.Sprint(v)
	case *value.Dict, *value.List:
		return nil, fmt.Errorf("is a %s, expected a text, a number, a boolean or a list of those", value.TypeName(v))
	default:
		out = url.QueryEscape(string(value.Append(nil, v)))
	}
	return &out, nil
}
