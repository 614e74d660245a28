package restsource

import (
	"fmt"
	"net/url"
	"strings"

	"anytap/internal/value"
)

// pagination is what a stream's pagination says.
type pagination struct {
	component *value.Dict // the paginator; nil: the stream has one page
	settings  *value.Dict // of the page loop, which the language has no words for
	// addresses says that the next page is a whole address.
	addresses bool
	// sizeParam is the parameter that the page size stands in from the first request on; empty: none, or the paginator sends it.
	sizeParam string
	size      int64
}

// defaultSize is the page size where only its parameter is given.
const defaultSize = 100

func paginationOf(config, s *value.Dict) (*pagination, error) {
	p := dict(s, "pagination")
	kind := text(p, "type")
	out := &pagination{settings: value.DictOf("strict", true)}
	if kind == "" || kind == "none" {
		return out, nil
	}
	if total := text(p, "total_path"); total != "" {
		out.settings.Set("total", parts(total))
	}
	sizeParam := text(p, "size_param")
	v, _ := p.Get("page_size")
	if out.size, _ = v.(int64); out.size == 0 && sizeParam != "" {
		out.size = defaultSize
	}
	strategy, err := strategyOf(kind, p, out.size, func() string { return resolved(config, s) })
	if err != nil {
		return nil, err
	}
	out.component = value.DictOf("type", "DefaultPaginator", "pagination_strategy", strategy)
	if out.addresses = kind == "next_url" || kind == "link_header"; out.addresses {
		out.component.Set("page_token_option", value.DictOf("type", "RequestPath"))
		out.sizeParam = sizeParam
		return out, nil
	}
	param := text(p, "param")
	if param == "" {
		param = map[string]string{"page": "page", "offset": "offset", "cursor": "cursor"}[kind]
	}
	if param == sizeParam {
		return nil, fmt.Errorf("size_param is %q as param is, expected another name", param)
	}
	out.component.Set("page_token_option", option("request_parameter", param))
	if sizeParam != "" {
		out.component.Set("page_size_option", option("request_parameter", sizeParam))
	}
	return out, nil
}

// strategyOf finds the next page. Where the size is not known (0), only an empty page is the last.
func strategyOf(kind string, p *value.Dict, size int64, address func() string) (*value.Dict, error) {
	var d *value.Dict
	switch kind {
	case "page":
		first := int64(1)
		if v, ok := p.Get("first_page"); ok {
			first, _ = v.(int64)
		}
		d = value.DictOf("type", "PageIncrement", "start_from_page", first, "inject_on_first_request", true)
	case "offset":
		d = value.DictOf("type", "OffsetIncrement", "inject_on_first_request", true)
	case "cursor":
		next, err := cursorAt(p)
		if err != nil {
			return nil, err
		}
		d = cursorStrategy(p, "{% set next = "+next+" %}{{ "+token+" }}")
	case "next_url":
		path := text(p, "cursor_path")
		if path == "" {
			return nil, fmt.Errorf("cursor_path is missing, expected where the answer holds the next address")
		}
		d = cursorStrategy(p, "{% set next = "+lookUp(path)+" %}"+address())
	case "link_header":
		d = cursorStrategy(p, "{% set next = headers['link'].get('next', {}).get('url') %}"+address())
	default:
		return nil, fmt.Errorf("type is %q, expected none, page, offset, cursor, next_url or link_header", kind)
	}
	if size > 0 {
		d.Set("page_size", size)
	}
	return d, nil
}

// token is next as it is, where it is a text or a number.
const token = "'%r'|format(next) if next is string else (next if next is number and next is not boolean else '')"

// cursorAt is the expression of the next cursor.
func cursorAt(p *value.Dict) (string, error) {
	if path := text(p, "cursor_path"); path != "" {
		return lookUp(path), nil
	}
	if header := text(p, "cursor_header"); header != "" {
		return "headers.get(" + value.Repr(header) + ")", nil
	}
	return "", fmt.Errorf("cursor_path is missing, expected where the answer holds the next cursor, or cursor_header")
}

// cursorStrategy goes on while there is a next cursor. Where the answer says whether there is more, that counts too, else an
// empty page is the last.
func cursorStrategy(p *value.Dict, cursor string) *value.Dict {
	stop := "{{ last_page_size == 0 }}"
	if more := text(p, "has_more_path"); more != "" {
		stop = "{% set more = " + lookUp(more) + " %}{{ not more or more in ['false', 'False', '0', 'no'] }}"
	}
	return value.DictOf("type", "CursorPagination", "cursor_value", cursor, "stop_condition", stop)
}

// resolved is the template of the address that next means, which may be relative to that of the stream (RFC 3986, section 5).
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
