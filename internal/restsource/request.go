package restsource

import (
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/value"
)

// requesterOf writes what asks for a stream's pages. Parameters stand in the path: so a next address, which replaces the
// path, is asked for as it is.
func requesterOf(config, s *value.Dict, at string, pages *pagination) (*value.Dict, error) {
	path := text(s, "path")
	query, err := queryOf(dict(s, "params"), at+"['params']")
	if err != nil {
		return nil, fmt.Errorf("params.%w", err)
	}
	if pages.sizeParam != "" {
		query = append(query, url.QueryEscape(pages.sizeParam)+"="+fmt.Sprint(pages.size))
	}
	if len(query) == 0 {
		path = exact(path)
	} else {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		path = verbatim(path) + separator + strings.Join(query, "&")
	}
	requester := value.DictOf("type", "HttpRequester", "url_base", "{{ config['base_url'] }}", "path", path, "http_method", "GET")
	if headers := dict(config, "headers"); headers != nil {
		out := value.NewDict(headers.Len())
		for name := range headers.All() {
			out.Set(exact(name), quoted("config['headers']["+value.Repr(name)+"]"))
		}
		requester.Set("request_headers", out)
	}
	if auth := authenticator(dict(config, "auth")); auth != nil {
		requester.Set("authenticator", auth)
	}
	requester.Set("error_handler", errorHandler(text(dict(config, "auth"), "type") == "oauth2"))
	return requester, nil
}

// final are the statuses that no other try changes; the reference runtime tries again on those of them that it does not know.
var final = []int{402, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 423, 424, 428, 431, 451}

// errorHandler writes what is done about refusals: an access token is fetched anew once, the others end the stream.
func errorHandler(tokens bool) *value.Dict {
	filters := value.NewList()
	if tokens {
		filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.NewList(int64(401)), "action", "REFRESH_TOKEN_THEN_RETRY"))
	}
	filters.Append(value.DictOf("type", "HttpResponseFilter", "http_codes", value.FromGo(final), "action", "FAIL"))
	return value.DictOf("type", "DefaultErrorHandler", "response_filters", filters)
}

// verbatim is a part of a template that gives it as it is.
func verbatim(part string) string {
	for _, mark := range []string{"{{", "{%", "{#"} {
		if strings.Contains(part, mark) {
			return "{{ " + value.Repr(part) + " }}"
		}
	}
	return part
}

// queryOf writes a query's parts: templates that take texts from the configuration at the expression at. A list gives its
// parameter several times.
func queryOf(params *value.Dict, at string) ([]string, error) {
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
			part, err := queryValue(v, ats[i])
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

// queryValue writes one value; nil: the parameter is left out.
func queryValue(v any, at string) (*string, error) {
	var out string
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
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
