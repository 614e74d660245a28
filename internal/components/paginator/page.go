package paginator

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// PageDefinition configures a pagination strategy that counts pages.
//
//	type: PageIncrement
//	page_size: 100
//	start_from_page: 1
//	inject_on_first_request: true
type PageDefinition struct {
	PageSize any   `manifest:"page_size,is=integer|string" doc:"Records a page; a shorter one is the last."`
	Start    int64 `manifest:"start_from_page" doc:"The number of the first page."`
	Inject   bool  `manifest:"inject_on_first_request" doc:"Whether the first request carries the number."`
}

// BuildPage builds a PageIncrement.
func BuildPage(c *manifest.Compiler, n *manifest.Node) (*Page, error) {
	var def PageDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	size, err := fixedSize(c, n, def.PageSize)
	if err != nil {
		return nil, err
	}
	return &Page{size: size, start: def.Start, inject: def.Inject}, nil
}

// fixedSize evaluates a page size that sees only the configuration; 0: there is none.
func fixedSize(c *manifest.Compiler, n *manifest.Node, v any) (int, error) {
	text, isText := v.(string)
	if v == nil {
		return 0, nil
	}
	if isText {
		t, err := jinja.CompileString(text, n.Parameters())
		if err == nil {
			v, err = t.Eval(c.ConfigEnv())
		}
		if err != nil {
			return 0, n.Problem("page_size: %v", err)
		}
	}
	size, err := sizeOf(v)
	if err != nil {
		return 0, n.Problem("%v", err)
	}
	return size, nil
}

// sizeOf reads a page size as Python's models do: a whole number, or a truth value.
func sizeOf(v any) (int, error) {
	switch n := v.(type) {
	case int64:
		return int(n), nil
	case bool:
		if n {
			return 1, nil
		}
		return 0, nil
	}
	return 0, fmt.Errorf("page_size is %s, expected a whole number", value.Repr(v))
}

// extracted is the number of a page's records before any filter, where the selector counted them,
// else size.
func extracted(r *rest.Response, size int) int {
	if r.Extracted >= 0 {
		return r.Extracted
	}
	return size
}

// Page counts pages: the token of a page is its number.
type Page struct {
	size   int   // of a full page; 0: only an empty page is the last
	start  int64 // the number of the first page
	inject bool  // the first request carries the number
}

var _ strategy = (*Page)(nil)

func (s *Page) first() any {
	if s.inject {
		return s.start
	}
	return nil
}

func (s *Page) next(r *rest.Response, size int, _ *value.Dict, p *rest.PageRequest) (any, error) {
	if p.PageSize > 0 {
		return nil, tap.Errorf(tap.Config, "pages that are numbered can not get smaller on the way: use OffsetIncrement or CursorPagination with page_size_reduction")
	}
	if size = extracted(r, size); size == 0 || s.size != 0 && size < s.size {
		return nil, nil
	}
	if _, ok := p.Token.(int64); p.Token != nil && !ok {
		return nil, fmt.Errorf("the page number %s is no whole number", value.Repr(p.Token))
	}
	return s.counting().After(p.Token), nil
}

func (s *Page) pageSize() (int, error) { return s.size, nil }

func (*Page) kind() state.Kind { return state.Page }

func (s *Page) abilities() rest.PaginatorAbilities {
	return rest.PaginatorAbilities{Counts: s.counting()}
}

func (s *Page) counting() *rest.Counting { return &rest.Counting{Start: s.start, Step: 1} }
