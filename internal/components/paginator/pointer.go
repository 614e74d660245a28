package paginator

import (
	"fmt"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
	"anytap/internal/rest/ways"
	"anytap/internal/value"
	"anytap/state"
)

// pointer takes the next page's token or address from where an answer has it.
type pointer struct {
	way  *ways.Way
	size int
}

var _ strategy = (*pointer)(nil)

func (*pointer) first() any { return nil }

func (s *pointer) next(r *rest.Response, size int, last *value.Dict, p *rest.PageRequest) (any, error) {
	w := s.way
	switch {
	case w.Type == ways.Link:
		return rest.NextLink(r.Header), nil
	case w.Header != "":
		return r.Header.Get(w.Header), nil
	}
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	if len(w.More) > 0 {
		v, _ := value.At(body, w.More...)
		if more, known := signs.Bool(v); known && !more || size == 0 {
			return nil, nil
		}
	}
	switch {
	case len(w.Field) > 0:
		if last == nil {
			return nil, nil
		}
		v, _ := value.At(last, w.Field...)
		return v, nil
	case len(w.Params) > 0:
		return parts(body, w.Params), nil
	}
	v := nextAt(body, w.Path)
	switch v := v.(type) {
	case bool:
		return nil, nil
	case *value.Dict:
		if w.In != "body" || v.Empty() {
			return nil, nil
		}
	}
	return v, nil
}

// nextAt is the value at a path. In a list of links it is that of the one with the relation next,
// wherever that stands.
func nextAt(body any, path []string) any {
	for i, name := range path {
		at, ok := value.At(body, name)
		if links, isList := body.(*value.List); isList {
			at, ok = nextLink(links)
		}
		if !ok {
			return nil
		}
		if i == len(path)-1 {
			return at
		}
		body = at
	}
	return nil
}

func nextLink(links *value.List) (any, bool) {
	for _, link := range links.All() {
		for _, name := range [...]string{"rel", "relation"} {
			if rel, ok := value.At(link, name); ok && rel == "next" {
				return link, true
			}
		}
	}
	return nil, false
}

// bodyOf is an answer's body without its records; nil: the records are all of it.
func bodyOf(r *rest.Response) (any, error) {
	if body, held := r.Held(); held && rest.IsList(body) || r.Value == nil {
		return nil, nil
	}
	v, err := r.Value()
	if err != nil {
		return nil, fmt.Errorf("the answer: %w", err)
	}
	return v, nil
}

// parts is a token of several parameters; nil: the answer has none of them.
func parts(body any, params []ways.Param) any {
	d := value.NewDict(len(params))
	for _, p := range params {
		if v, ok := value.At(body, p.Path...); ok && v != nil {
			d.Set(p.Name, v)
		}
	}
	if d.Len() == 0 {
		return nil
	}
	return d
}

func (s *pointer) pageSize() (int, error) { return s.size, nil }

func (*pointer) kind() state.Kind { return state.Opaque }

func (s *pointer) abilities() rest.PaginatorAbilities {
	w := s.way
	var reads rest.Reads
	for _, path := range [][]string{w.Path, w.More} {
		if len(path) > 0 {
			reads.Paths = append(reads.Paths, path)
		}
	}
	for _, p := range w.Params {
		reads.Paths = append(reads.Paths, p.Path)
	}
	return rest.PaginatorAbilities{Reads: reads, Peeks: len(w.Field) == 0 && len(w.More) == 0}
}

// countedRecords counts records from a number on: the token of a page is that of its first record.
type countedRecords struct {
	start int64
	size  int // asked for; 0: none
	step  int // records of a full page; 0: not known
}

var _ strategy = (*countedRecords)(nil)

func (*countedRecords) first() any { return nil }

func (s *countedRecords) next(r *rest.Response, size int, _ *value.Dict, p *rest.PageRequest) (any, error) {
	if size = extracted(r, size); size == 0 {
		return nil, nil
	}
	if p.Token == nil {
		return s.start + int64(size), nil
	}
	at, ok := p.Token.(int64)
	if !ok {
		return nil, fmt.Errorf("the offset %s is no whole number", value.Repr(p.Token))
	}
	return at + int64(size), nil
}

func (s *countedRecords) pageSize() (int, error) { return s.size, nil }

func (*countedRecords) kind() state.Kind { return state.Offset }

func (s *countedRecords) abilities() rest.PaginatorAbilities {
	var can rest.PaginatorAbilities
	if step := max(s.size, s.step); step > 0 {
		can.Counts = &rest.Counting{Start: s.start, Step: int64(step)}
	}
	return can
}
