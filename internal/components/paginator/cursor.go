package paginator

import (
	"slices"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
	"anytap/state"
)

// CursorDefinition configures a pagination strategy that takes the token of the next page from the
// answer.
//
//	type: CursorPagination
//	cursor_value: "{{ response.next }}"
//	stop_condition: "{{ not response.has_more }}"
//	page_size: 100
type CursorDefinition struct {
	Cursor   *jinja.String `manifest:"cursor_value,required" doc:"The token of the next page, made of response, headers, last_record, last_page_size and page_size. A value that is false ends the slice."`
	Stop     *jinja.Bool   `manifest:"stop_condition" doc:"Whether the page is the last."`
	PageSize any           `manifest:"page_size,is=integer|string" doc:"Records a page."`
}

// lastExtracted is anytap's own variable in cursor_value: the page's last record before any filter.
const lastExtracted = "last_extracted"

// BuildCursor builds a CursorPagination.
func BuildCursor(c *manifest.Compiler, n *manifest.Node) (*Cursor, error) {
	var def CursorDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if err := checkDecoder(c, n); err != nil {
		return nil, err
	}
	size, err := fixedSize(c, n, def.PageSize)
	if err != nil {
		return nil, err
	}
	s := &Cursor{cursor: def.Cursor, stop: def.Stop, size: size, sized: def.PageSize != nil, env: c.ConfigEnv()}
	paths := def.Cursor.Paths()
	if def.Stop != nil {
		paths = append(paths, def.Stop.Paths()...)
	}
	if !s.sized && slices.ContainsFunc(paths, func(p []string) bool { return p[0] == "page_size" }) {
		return nil, n.Problem("cursor_value or stop_condition reads page_size, but the strategy has none")
	}
	s.vars = newAnswerVars(c, paths)
	s.peeks = !slices.ContainsFunc(paths, func(p []string) bool {
		return p[0] == "last_record" || p[0] == "last_page_size" || p[0] == lastExtracted
	})
	return s, nil
}

// Cursor takes the token of the next page from the answer.
type Cursor struct {
	cursor *jinja.String
	stop   *jinja.Bool // nil: there is no condition
	size   int
	sized  bool // the manifest sets a page size
	env    *jinja.Env
	vars   answerVars
	peeks  bool // records and their number are not asked for
}

var _ strategy = (*Cursor)(nil)

func (*Cursor) first() any { return nil }

func (s *Cursor) next(r *rest.Response, size int, last *value.Dict, p *rest.PageRequest) (any, error) {
	env := s.env.Child().
		Set("headers", s.vars.headerDict(r.Header)).
		Set("last_record", nil).
		Set(lastExtracted, nil).
		Set("last_page_size", int64(size)).
		Set("page_size", s.asked(p)).
		Set("stream_slice", sliceValue(p))
	if last != nil {
		env.Set("last_record", last)
	}
	if r.Last != nil {
		last = r.Last
	}
	if last != nil {
		env.Set(lastExtracted, last)
	}
	body := s.vars.bind(env, r)
	if s.stop != nil {
		stop, err := s.stop.Eval(env)
		if err = body.result(err); err != nil || stop {
			return nil, err
		}
	}
	next, err := s.cursor.Eval(env)
	if err = body.result(err); err != nil {
		return nil, err
	}
	return next, nil
}

// asked is the page size of the request; nil: it had none.
func (s *Cursor) asked(p *rest.PageRequest) any {
	switch {
	case p.PageSize > 0:
		return int64(p.PageSize)
	case s.sized:
		return int64(s.size)
	}
	return nil
}

// sliceValue is the variable stream_slice of templates.
func sliceValue(p *rest.PageRequest) any {
	if p.Env != nil {
		if v, ok := p.Env.Get("stream_slice"); ok {
			return v
		}
	}
	if p.Slice == nil {
		return nil
	}
	return jinja.NewStreamSlice(p.Slice.Partition, p.Slice.Window, p.Slice.Extra)
}

func (s *Cursor) pageSize() (int, error) { return s.size, nil }

func (*Cursor) kind() state.Kind { return state.Opaque }

func (s *Cursor) abilities() rest.PaginatorAbilities {
	return rest.PaginatorAbilities{Reads: s.vars.reads, Peeks: s.peeks && !s.vars.reads.All}
}
