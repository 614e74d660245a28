package paginator

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
	"anytap/state"
)

// OffsetDefinition configures a pagination strategy that counts records.
//
//	type: OffsetIncrement
//	page_size: 100
//	inject_on_first_request: true
type OffsetDefinition struct {
	PageSize any  `manifest:"page_size,is=integer|string" doc:"Records a page; a shorter one is the last."`
	Inject   bool `manifest:"inject_on_first_request" doc:"Whether the first request carries the offset."`
}

// BuildOffset builds an OffsetIncrement.
func BuildOffset(c *manifest.Compiler, n *manifest.Node) (*Offset, error) {
	var def OffsetDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if err := checkDecoder(c, n); err != nil {
		return nil, err
	}
	s := &Offset{env: c.ConfigEnv(), inject: def.Inject}
	switch size := def.PageSize.(type) {
	case int64:
		s.size = int(size)
	case string:
		if size == "" {
			break
		}
		var err error
		if s.template, err = jinja.CompileString(size, n.Parameters()); err != nil && (c.Strict || s.template == nil) {
			return nil, n.Problem("page_size: %v", err)
		}
		s.vars = newAnswerVars(c, s.template.Paths())
	}
	return s, nil
}

// Offset counts records: the token of a page is the number of records before it.
type Offset struct {
	size     int           // the page size, where that is a number
	template *jinja.String // the page size, where that is a template; else nil
	env      *jinja.Env
	vars     answerVars
	inject   bool // the first request carries the offset 0
}

var _ strategy = (*Offset)(nil)

func (s *Offset) first() any {
	if s.inject {
		return int64(0)
	}
	return nil
}

func (s *Offset) next(r *rest.Response, size int, _ *value.Dict, p *rest.PageRequest) (any, error) {
	size = extracted(r, size)
	short, err := s.short(r, size, p)
	if err != nil || short || size == 0 {
		return nil, err
	}
	if p.Token == nil {
		return int64(size), nil
	}
	at, ok := p.Token.(int64)
	if !ok {
		return nil, fmt.Errorf("the offset %s is no whole number", value.Repr(p.Token))
	}
	return at + int64(size), nil
}

// short reports whether a page holds fewer records than were asked for. A template for the page
// size sees the answer here.
func (s *Offset) short(r *rest.Response, size int, p *rest.PageRequest) (bool, error) {
	var asked any = int64(s.size)
	switch {
	case p.PageSize > 0:
		asked = int64(p.PageSize)
	case s.template != nil:
		var err error
		if asked, err = s.vars.eval(s.template, s.env.Child(), r); err != nil {
			return false, fmt.Errorf("page_size: %w", err)
		}
	}
	if !value.Truth(asked) {
		return false, nil
	}
	order, err := value.Compare(int64(size), asked)
	if err != nil {
		return false, fmt.Errorf("page_size is %s, expected a whole number: %w", value.Repr(asked), err)
	}
	return order < 0, nil
}

func (s *Offset) pageSize() (int, error) {
	if s.template == nil {
		return s.size, nil
	}
	v, err := s.template.Eval(s.env)
	if err != nil {
		return 0, fmt.Errorf("page_size: %w", err)
	}
	return sizeOf(v)
}

func (*Offset) kind() state.Kind { return state.Offset }

func (s *Offset) abilities() rest.PaginatorAbilities {
	can := rest.PaginatorAbilities{Reads: s.vars.reads}
	if size, err := s.pageSize(); err == nil && size > 0 {
		can.Counts = &rest.Counting{Step: int64(size)}
	}
	return can
}
