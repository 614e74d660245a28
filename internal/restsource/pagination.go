package restsource

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/value"
)

// pagination is what a stream's pagination amounts to.
type pagination struct {
	paginator *value.Dict // nil: the stream has one page
	settings  *value.Dict // of the page loop, which the low-code language has no words for
	addresses bool        // a page is asked for by its whole address
	// sizeParam is the parameter with the page size that the first request has; the addresses of
	// the next pages bring theirs. It is empty if there is none, or if the paginator sends it with
	// each request.
	sizeParam string
	size      int64 // records of a page; 0: not known
}

// way is one type of pagination.
type way struct {
	param string // the parameter that says which page, by default; empty: the page has an address
	// strategy makes the pagination strategy of the stream s. Without a page_size only an empty
	// page is the last.
	strategy func(config, s, pagination *value.Dict) (*value.Dict, error)
}

// ways are the types of pagination.
var ways = map[string]way{
	"page": {"page", func(_, _, p *value.Dict) (*value.Dict, error) {
		first := int64(1)
		if v, ok := p.Get("first_page"); ok {
			first, _ = v.(int64)
		}
		return value.DictOf("type", "PageIncrement", "start_from_page", first, "inject_on_first_request", true), nil
	}},
	"offset": {"offset", func(_, _, _ *value.Dict) (*value.Dict, error) {
		return value.DictOf("type", "OffsetIncrement", "inject_on_first_request", true), nil
	}},
	"cursor": {"cursor", func(_, _, p *value.Dict) (*value.Dict, error) {
		next, err := cursorAt(p)
		return cursorStrategy(p, "{% set next = "+next+" %}{{ "+token+" }}"), err
	}},
	"next_url": {"", func(config, s, p *value.Dict) (*value.Dict, error) {
		path := text(p, "cursor_path")
		if path == "" {
			return nil, errors.New("cursor_path is missing, expected where the answer holds the next address")
		}
		return cursorStrategy(p, "{% set next = "+lookUp(path)+" %}"+resolved(config, s)), nil
	}},
	"link_header": {"", func(config, s, p *value.Dict) (*value.Dict, error) {
		return cursorStrategy(p, "{% set next = headers['link'].get('next', {}).get('url') %}"+resolved(config, s)), nil
	}},
}

// defaultSize is the page size if only its parameter is given.
const defaultSize = 100

// paginationOf reads the pagination of the stream s.
func paginationOf(config, s *value.Dict) (*pagination, error) {
	p := dict(s, "pagination")
	kind := text(p, "type")
	out := &pagination{settings: value.DictOf("strict", true)}
	if kind == "" || kind == "none" {
		return out, nil
	}
	if total := text(p, "total_path"); total != "" {
		out.settings.Set("total", fieldPath(total))
	}
	sizeParam := text(p, "size_param")
	v, _ := p.Get("page_size")
	if out.size, _ = v.(int64); out.size == 0 && sizeParam != "" {
		out.size = defaultSize
	}
	way, ok := ways[kind]
	if !ok {
		return nil, fmt.Errorf("type is %q, expected none, page, offset, cursor, next_url or link_header", kind)
	}
	strategy, err := way.strategy(config, s, p)
	if err != nil {
		return nil, err
	}
	if out.size > 0 {
		strategy.Set("page_size", out.size)
	}
	out.paginator = value.DictOf("type", "DefaultPaginator", "pagination_strategy", strategy)
	if out.addresses = way.param == ""; out.addresses {
		out.paginator.Set("page_token_option", value.DictOf("type", "RequestPath"))
		out.sizeParam = sizeParam
		return out, nil
	}
	param := cmp.Or(text(p, "param"), way.param)
	if param == sizeParam {
		return nil, fmt.Errorf("size_param is %q as param is, expected another name", param)
	}
	out.paginator.Set("page_token_option", option("request_parameter", param))
	if sizeParam != "" {
		out.paginator.Set("page_size_option", option("request_parameter", sizeParam))
	}
	return out, nil
}

// token is the template expression of next if that is a text or a number; else it is empty.
const token = "'%r'|format(next) if next is string else (next if next is number and next is not boolean else '')"

// cursorAt returns the template expression of the next cursor.
func cursorAt(p *value.Dict) (string, error) {
	if path := text(p, "cursor_path"); path != "" {
		return lookUp(path), nil
	}
	if header := text(p, "cursor_header"); header != "" {
		return "headers.get(" + value.Repr(header) + ")", nil
	}
	return "", errors.New("cursor_path is missing, expected where the answer holds the next cursor, or cursor_header")
}

// cursorStrategy goes on while there is a next cursor, and while has_more_path leads to something
// true. Without has_more_path an empty page is the last.
func cursorStrategy(p *value.Dict, cursor string) *value.Dict {
	stop := "{{ last_page_size == 0 }}"
	if more := text(p, "has_more_path"); more != "" {
		stop = "{% set more = " + lookUp(more) + " %}{{ not more or more in ['false', 'False', '0', 'no'] }}"
	}
	return value.DictOf("type", "CursorPagination", "cursor_value", cursor, "stop_condition", stop)
}

// resolved returns the template of the address in next, which may be relative to that of the stream
// (RFC 3986, section 5).
func resolved(config, s *value.Dict) string {
	base := strings.TrimRight(text(config, "base_url"), "/") + "/" + strings.TrimLeft(text(s, "path"), "/")
	u, err := url.Parse(base)
	if err != nil {
		return "{{ '%r'|format(next) if next is string else '' }}"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	page := u.String()
	origin := u.Scheme + "://" + u.Host
	folder := page[:strings.LastIndex(page, "/")+1]
	relative := func(prefix string) string { return value.Repr(prefix) + " ~ next" }
	return "{{ '%r'|format(next if '://' in next.split('?')[0] else " +
		relative(u.Scheme+":") + " if next.startswith('//') else " +
		relative(origin) + " if next.startswith('/') else " +
		relative(page) + " if next.startswith('?') else " +
		relative(folder) + ") if next is string and next else '' }}"
}
