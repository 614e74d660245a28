package restsource

import (
	"fmt"
	"strings"

	"anytap/value"
)

// paginator writes the component for a stream's pagination; nil: the stream has one page. What the language has no
// word for (a total that ends the read) goes into the stream's x-anytap pages.
func paginator(p, extension *value.Dict) (*value.Dict, error) {
	kind := ""
	if p != nil {
		kind = text(p, "type")
	}
	if kind == "" || kind == "none" {
		return nil, nil
	}
	if total := text(p, "total_path"); total != "" {
		extension.Set("total", parts(total))
	}
	d := value.DictOf("type", "DefaultPaginator")
	strategy, err := strategyOf(kind, p)
	if err != nil {
		return nil, err
	}
	d.Set("pagination_strategy", strategy)
	if kind == "next_url" || kind == "link_header" {
		d.Set("page_token_option", value.DictOf("type", "RequestPath"))
	} else {
		param := text(p, "param")
		if param == "" {
			param = map[string]string{"page": "page", "offset": "offset", "cursor": "cursor"}[kind]
		}
		d.Set("page_token_option", option("request_parameter", param))
	}
	if size := text(p, "size_param"); size != "" {
		d.Set("page_size_option", option("request_parameter", size))
	}
	return d, nil
}

func strategyOf(kind string, p *value.Dict) (*value.Dict, error) {
	size := int64(100)
	if v, ok := p.Get("page_size"); ok {
		size, _ = v.(int64)
	}
	switch kind {
	case "page":
		first := int64(1)
		if v, ok := p.Get("first_page"); ok {
			first, _ = v.(int64)
		}
		return value.DictOf("type", "PageIncrement", "start_from_page", first, "inject_on_first_request", true, "page_size", size), nil
	case "offset":
		return value.DictOf("type", "OffsetIncrement", "inject_on_first_request", true, "page_size", size), nil
	case "cursor", "next_url", "link_header":
		return cursorStrategy(kind, p, size)
	}
	return nil, fmt.Errorf("type is %q, expected none, page, offset, cursor, next_url or link_header", kind)
}

func cursorStrategy(kind string, p *value.Dict, size int64) (*value.Dict, error) {
	path, header := text(p, "cursor_path"), text(p, "cursor_header")
	var cursor string
	switch {
	case kind == "link_header":
		cursor = "{{ headers.get('link', {}).get('next', {}).get('url', '') }}"
	case path != "":
		cursor = "{{ " + lookUp(path) + " }}"
	case header != "" && kind == "cursor":
		cursor = fmt.Sprintf("{{ headers.get(%s, '') }}", value.Repr(header))
	default:
		return nil, fmt.Errorf("cursor_path is missing, expected where the answer holds the next %s", map[string]string{"cursor": "cursor", "next_url": "address"}[kind])
	}
	d := value.DictOf("type", "CursorPagination", "cursor_value", cursor, "page_size", size)
	if more := text(p, "has_more_path"); more != "" {
		d.Set("stop_condition", "{{ not "+lookUp(more)+" }}")
	}
	return d, nil
}

// lookUp is the template expression of a dotted path in the answer, empty where a part is missing.
func lookUp(path string) string {
	parts := strings.Split(path, ".")
	expression := "response"
	for i, part := range parts {
		fallback := "{}"
		if i == len(parts)-1 {
			fallback = "''"
		}
		expression = fmt.Sprintf("(%s.get(%s, %s) or %s)", expression, value.Repr(part), fallback, fallback)
	}
	return expression
}
