package initialize

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/redact"
	"anytap/internal/value"
)

// noise are headers that clients send for themselves, and browsers for their pages.
var noise = regexp.MustCompile(`(?i)^(accept-encoding|accept-language|cache-control|connection|content-length|dnt|host|origin|pragma|priority|referer|te|upgrade-insecure-requests|user-agent|sec-.*)$`)

// placeNames are parameters that say which page is asked for, and sizeNames those that say how many
// records a page has.
var (
	placeNames = []string{"page", "p", "page_number", "pageNumber", "page_no", "pageNo", "_page", "page[number]", "offset", "$skip", "skip", "start", "startAt", "startIndex", "_start", "page[offset]", "cursor", "after", "page_token", "pageToken", "starting_after", "next_token"}
	sizeNames  = []string{"limit", "per_page", "perPage", "_limit", "_per_page", "page_size", "pageSize", "size", "count", "$top", "max_results", "maxResults", "page[size]", "page[limit]", "pageLimit", "take", "rows"}
)

// RestConfig makes a `source: rest` configuration of a request to a list. notes say what was left
// out of it.
func RestConfig(r Request, stream string) (config *value.Dict, notes []string, err error) {
	p, err := r.parse()
	if err != nil {
		return nil, nil, err
	}
	folder, last := path.Split(strings.TrimRight(p.url.EscapedPath(), "/"))
	slash := ""
	if strings.HasSuffix(p.url.Path, "/") && last != "" {
		slash = "/"
	}
	s := value.DictOf("name", nameOf(stream, last, p.url.Host), "path", "/"+last+slash)
	if p.method != "GET" {
		s.Set("method", p.method)
	}
	config = value.DictOf("source", "rest", "base_url", p.url.Scheme+"://"+p.url.Host+strings.TrimRight(folder, "/"))
	keys, headers := takeHeaders(p, &notes)
	params, pagination, inQuery := takeParams(p.url.Query(), p.url.RawQuery, len(keys) == 0, &notes)
	if auth := authOf(keys, inQuery); auth != nil {
		config.Set("auth", auth)
	}
	if headers.Len() > 0 {
		s.Set("headers", headers)
	}
	if params.Len() > 0 {
		s.Set("params", params)
	}
	if err := setBody(s, p); err != nil {
		return nil, nil, err
	}
	if pagination.Len() > 0 {
		pagination.Set("type", "auto")
		s.Set("pagination", pagination)
	}
	config.Set("streams", value.NewList(s))
	return config, notes, nil
}

var nameSigns = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// nameOf is a name for the stream of an address: the given one, or what it ends with.
func nameOf(given, last, host string) string {
	if given != "" {
		return given
	}
	last, _ = url.PathUnescape(last)
	last = strings.TrimSuffix(last, path.Ext(last))
	if name := strings.Trim(nameSigns.ReplaceAllString(last, "_"), "_"); name != "" {
		return name
	}
	return strings.Trim(nameSigns.ReplaceAllString(host, "_"), "_")
}

// takeHeaders divides headers into those that are credentials and others.
func takeHeaders(p parsed, notes *[]string) (keys [][2]string, others *value.Dict) {
	others = value.NewDict(4)
	for _, h := range p.headers {
		name, v := h[0], h[1]
		lower := strings.ToLower(name)
		switch {
		case lower == "accept" && (v == "*/*" || strings.HasPrefix(v, "application/json")), lower == "content-type" && (p.body == "" || p.isJSON || strings.Contains(v, "x-www-form-urlencoded")):
		case noise.MatchString(name):
			*notes = append(*notes, "left out the header "+name)
		case lower == "authorization" || lower == "cookie" || redact.Telling(name) || strings.Contains(lower, "token") || strings.Contains(lower, "key"):
			keys = append(keys, h)
		default:
			others.Set(name, v)
		}
	}
	return keys, others
}

// takeParams divides the query into what pages, a credential, and others.
func takeParams(query url.Values, raw string, mayHaveKey bool, notes *[]string) (params, pagination *value.Dict, key [2]string) {
	params, pagination = value.NewDict(4), value.NewDict(2)
	for part := range strings.SplitSeq(raw, "&") { // in the order of the address
		name, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		values := query[name]
		if err != nil || len(values) == 0 {
			continue
		}
		delete(query, name)
		v := values[len(values)-1]
		size, sizeErr := strconv.ParseInt(v, 10, 64)
		switch {
		case slices.Contains(placeNames, name):
			*notes = append(*notes, "left out the parameter "+name+", which says which page is asked for")
		case slices.Contains(sizeNames, name) && sizeErr == nil && size > 0 && pagination.Len() == 0:
			pagination.Set("size_param", name)
			pagination.Set("page_size", size)
		case redact.Telling(name) && mayHaveKey && key[0] == "":
			key = [2]string{name, v}
		case len(values) > 1:
			list := value.NewList()
			for _, v := range values {
				list.Append(v)
			}
			params.Set(name, list)
		default:
			params.Set(name, v)
		}
	}
	return params, pagination, key
}

// authOf is the authentication that headers or a parameter stand for; nil: there is none.
func authOf(keys [][2]string, inQuery [2]string) *value.Dict {
	switch {
	case len(keys) == 0 && inQuery[0] == "":
		return nil
	case len(keys) == 0:
		return value.DictOf("type", "api_key", "in", "query", "name", inQuery[0], "key", inQuery[1])
	case len(keys) > 1:
		headers := value.NewDict(len(keys))
		for _, k := range keys {
			headers.Set(k[0], k[1])
		}
		return value.DictOf("type", "api_key", "headers", headers)
	}
	name, v := keys[0][0], keys[0][1]
	scheme, rest, _ := strings.Cut(v, " ")
	if strings.EqualFold(name, "Authorization") && strings.EqualFold(scheme, "Bearer") {
		return value.DictOf("type", "bearer", "token", strings.TrimSpace(rest))
	}
	if strings.EqualFold(name, "Authorization") && strings.EqualFold(scheme, "Basic") {
		if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			user, password, _ := strings.Cut(string(decoded), ":")
			return value.DictOf("type", "basic", "username", user, "password", password)
		}
	}
	return value.DictOf("type", "api_key", "name", name, "key", v)
}

// setBody sets the body of a stream's requests.
func setBody(s *value.Dict, p parsed) error {
	if p.body == "" {
		return nil
	}
	if p.isJSON {
		body, err := value.DecodeString(p.body)
		if _, ok := body.(*value.Dict); err != nil || !ok {
			return fmt.Errorf("the data of the request begin with { but are no object of JSON")
		}
		s.Set("body", body)
		return nil
	}
	values, err := url.ParseQuery(p.body)
	if err != nil {
		return fmt.Errorf("the data of the request are neither an object of JSON nor fields of a form")
	}
	form := value.NewDict(len(values))
	for part := range strings.SplitSeq(p.body, "&") {
		name, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(name); err == nil && len(values[name]) > 0 {
			form.Set(name, values[name][len(values[name])-1])
		}
	}
	s.Set("form", form)
	return nil
}
