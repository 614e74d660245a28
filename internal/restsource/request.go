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
	params, err := withoutMoving("params", dict(s, "params"), movingFields(s, "query"), nil)
	if err != nil {
		return nil, err
	}
	query, err := queryOf(params, at+"['params']", parts)
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
	requester := value.DictOf("type", "HttpRequester", "url_base", "{{ config['base_url'] }}", "path", path, "http_method", methodOf(s))
	if headers := headersOf(config, s, at, parts); headers.Len() > 0 {
		requester.Set("request_headers", headers)
	}
	if err := setBody(requester, s, at, parts); err != nil {
		return nil, err
	}
	if authenticator, err := authenticatorOf(config); err == nil && authenticator != nil {
		requester.Set("authenticator", authenticator)
	}
	handler, err := errorHandlerOf(s, at, fetchesTokens(config))
	if err != nil {
		return nil, err
	}
	requester.Set("error_handler", handler)
	return requester, nil
}

// headersOf returns the headers of the stream s: its own, and those of all streams that it does not
// replace.
func headersOf(config, s *value.Dict, at string, parts *partitions) *value.Dict {
	out, own := value.NewDict(4), dict(s, "headers")
	replaced := func(name string) bool {
		if own == nil {
			return false
		}
		for mine := range own.All() {
			if strings.EqualFold(name, mine) {
				return true
			}
		}
		return false
	}
	if common := dict(config, "headers"); common != nil {
		for name := range common.All() {
			if !replaced(name) {
				out.Set(exact(name), quoted("config['headers']["+value.Repr(name)+"]"))
			}
		}
	}
	if own != nil {
		for name, v := range own.All() {
			text, _ := v.(string)
			out.Set(exact(name), quoted(parts.textAt(text, at+"['headers']["+value.Repr(name)+"]")))
		}
	}
	return out
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
