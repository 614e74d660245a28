package restsource

import (
	"cmp"
	"fmt"

	"anytap/internal/value"
)

// pagination is what a stream's pagination amounts to.
type pagination struct {
	paginator *value.Dict // nil: the stream has one page
	settings  *value.Dict // of the page loop, which the low-code language has no words for
	auto      bool        // the way of paging is found by looking at the answers
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
	strategy func(s, pagination *value.Dict) (*value.Dict, error)
}

// ways are the types of pagination.
var ways = map[string]way{
	"page": {"page", func(_, p *value.Dict) (*value.Dict, error) {
		first := int64(1)
		if v, ok := p.Get("first_page"); ok {
			first, _ = v.(int64)
		}
		return value.DictOf("type", "PageIncrement", "start_from_page", first, "inject_on_first_request", true), nil
	}},
	"offset": {"offset", func(_, _ *value.Dict) (*value.Dict, error) {
		return value.DictOf("type", "OffsetIncrement", "inject_on_first_request", true), nil
	}},
	"cursor": {"cursor", func(s, p *value.Dict) (*value.Dict, error) {
		if has(p, "params") {
			tokens, err := continuation(p)
			if err != nil {
				return nil, err
			}
			return cursorStrategy(tokens), nil
		}
		next, err := pointerAt(s, p, "the next cursor")
		if err != nil {
			return nil, err
		}
		token, err := tokenOf(p)
		if err != nil {
			return nil, err
		}
		return cursorStrategy("{% set next = " + next + " %}" + token), nil
	}},
	"next_url": {"", func(s, p *value.Dict) (*value.Dict, error) {
		next, err := pointerAt(s, p, "the next address")
		if err != nil {
			return nil, err
		}
		return cursorStrategy("{% set next = " + next + " %}" + address), nil
	}},
	"link_header": {"", func(_, _ *value.Dict) (*value.Dict, error) {
		return cursorStrategy("{% set next = headers['link'].get('next', {}).get('url') %}" + address), nil
	}},
}

// defaultSize is the page size if only its parameter is given.
const defaultSize = 100

// sizeOf is the page size to ask for; 0: none.
func sizeOf(p *value.Dict) int64 {
	size := value.Member[int64](p, "page_size")
	if size == 0 && text(p, "size_param") != "" {
		return defaultSize
	}
	return size
}

// paginationOf reads the pagination of the stream s.
func paginationOf(s *value.Dict) (*pagination, error) {
	p := dict(s, "pagination")
	kind := text(p, "type")
	out := &pagination{settings: value.DictOf("strict", true)}
	if err := endingOf(s, p, out.settings); err != nil {
		return nil, err
	}
	switch kind {
	case "none":
		return out, nil
	case "", "auto":
		out.auto = true
		out.paginator = autoPaginator(p)
		return out, nil
	}
	sizeParam := text(p, "size_param")
	place, err := placeOf(s, text(p, "in"))
	if err != nil {
		return nil, fmt.Errorf("in %w", err)
	}
	out.size = sizeOf(p)
	way, ok := ways[kind]
	if !ok {
		return nil, fmt.Errorf("type is %q, expected auto, none, page, offset, cursor, next_url or link_header", kind)
	}
	strategy, err := way.strategy(s, p)
	if err != nil {
		return nil, err
	}
	if out.size > 0 {
		strategy.Set("page_size", out.size)
	}
	out.paginator = value.DictOf("type", "DefaultPaginator", "pagination_strategy", strategy)
	if out.addresses = way.param == ""; out.addresses {
		out.paginator.Set("page_token_option", nextAddress(p))
		out.sizeParam = sizeParam
		return out, nil
	}
	return out, out.setOptions(p, place, cmp.Or(text(p, "param"), way.param), sizeParam)
}

// setOptions says where the token of a page and the page size go in a request.
func (out *pagination) setOptions(p *value.Dict, place, param, sizeParam string) (err error) {
	var token, size *value.Dict
	switch {
	case has(p, "params"):
		token = value.DictOf("type", "TokenMembers", "inject_into", place)
	case param == sizeParam:
		return fmt.Errorf("size_param is %q as param is, expected another name", param)
	default:
		if token, err = optionAt(place, param); err != nil {
			return fmt.Errorf("param %w", err)
		}
	}
	out.paginator.Set("page_token_option", token)
	if sizeParam == "" {
		return nil
	}
	if size, err = optionAt(place, sizeParam); err != nil {
		return fmt.Errorf("size_param %w", err)
	}
	out.paginator.Set("page_size_option", size)
	return nil
}

// autoPaginator returns the paginator that finds out how the API pages.
func autoPaginator(p *value.Dict) *value.Dict {
	out := value.DictOf("type", "AutoPaginator")
	param, size := text(p, "size_param"), sizeOf(p)
	if size > 0 {
		out.Set("page_size", size)
	}
	if param != "" {
		out.Set("page_size_option", option("request_parameter", param))
	}
	return out
}

// address is the template of the address next, whatever an answer holds there.
var address = "{{ " + inQuotes("next") + " if next is string else next }}"

// nextAddress returns the option that makes the address of a page of the one that an answer holds.
func nextAddress(p *value.Dict) *value.Dict {
	base := cmp.Or(text(p, "next_base"), "follow")
	option := value.DictOf("type", "NextAddress", "base", base)
	if base == "keep" {
		option.Set("url_base", "{{ config['base_url'] }}")
	}
	return option
}

// cursorStrategy goes on while there is a next cursor; the page loop knows has_more_path and weighs
// both.
func cursorStrategy(cursor string) *value.Dict {
	return value.DictOf("type", "CursorPagination", "cursor_value", cursor)
}
