package paginator

import (
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/ways"
	"anytap/internal/value"
	"anytap/state"
)

// AutoDefinition configures a paginator that finds out how the API pages, by what the first answer
// holds. It is anytap's own, for the configuration's source rest.
//
//	type: AutoPaginator
//	page_size: 100
//	page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: limit}
type AutoDefinition struct {
	PageSize   int64          `manifest:"page_size" doc:"Records asked for with each request; none by default."`
	SizeOption *manifest.Node `manifest:"page_size_option,is=RequestOption" doc:"Where the page size goes in a request."`
}

// BuildAuto builds an AutoPaginator.
func BuildAuto(c *manifest.Compiler, n *manifest.Node) (*Auto, error) {
	var def AutoDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	a := &Auto{size: int(def.PageSize)}
	var err error
	if a.sizeOption, err = manifest.BuildOptional[*rest.RequestOption](c, def.SizeOption); err != nil {
		return nil, err
	}
	if a.sizeOption != nil && a.size <= 0 {
		return nil, n.Problem("page_size_option needs a page_size")
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	a.finder = &ways.Finder{Make: a.paginator, Stream: scope.Stream, Beside: a.settings()}
	return a, nil
}

// Auto asks for a first page, and finds out how the next one is asked for.
type Auto struct {
	size       int                 // 0: not asked for
	sizeOption *rest.RequestOption // nil: the size is not sent
	finder     *ways.Finder
}

var _ rest.Paginator = (*Auto)(nil)

// settings are those of a configuration that the way to be found is joined with.
func (a *Auto) settings() *value.Dict {
	d := value.NewDict(2)
	if a.size > 0 {
		d.Set("page_size", int64(a.size))
	}
	if a.sizeOption != nil {
		if path, err := a.sizeOption.Path(); err == nil {
			d.Set("size_param", strings.Join(path, "."))
		}
	}
	return d
}

// First is nil: no token is sent.
func (*Auto) First() (any, error) { return nil, nil }

// Inject adds the page size.
func (a *Auto) Inject(o *rest.Parts, p *rest.PageRequest) error {
	if a.sizeOption == nil {
		return nil
	}
	size := a.size
	if p.PageSize > 0 {
		size = p.PageSize
	}
	return a.sizeOption.Inject(o, int64(size))
}

// Path is the requester's own.
func (*Auto) Path(*rest.PageRequest) (string, error) { return "", nil }

// Next is nil: the page loop goes on by the way that is found.
func (*Auto) Next(*rest.Response, int, *value.Dict, *rest.PageRequest) (any, error) {
	return nil, nil
}

// PageSize is the size asked for.
func (a *Auto) PageSize() (int, error) { return a.size, nil }

// Kind is that of a slice with one page.
func (*Auto) Kind() state.Kind { return state.None }

// Abilities are to find the way of paging, by any part of an answer.
func (a *Auto) Abilities() rest.PaginatorAbilities {
	return rest.PaginatorAbilities{Find: a.finder, Reads: rest.Reads{All: true}}
}

// paginator makes the paginator of a way.
func (a *Auto) paginator(w *ways.Way) rest.Paginator {
	d := &Default{sizeOption: a.sizeOption}
	switch w.Type {
	case ways.Page:
		d.strategy = &Page{size: a.size, start: w.First}
	case ways.Offset:
		d.strategy = &countedRecords{start: w.First, size: a.size, step: w.Size}
	default:
		d.strategy = &pointer{way: w, size: a.size}
	}
	switch {
	case w.Type == ways.NextURL || w.Type == ways.Link:
		d.byPath, d.address = true, &NextAddress{base: "follow"}
		if w.QueryOnly {
			d.address.base = "query"
		}
	case len(w.Params) > 0:
		d.members = &TokenMembers{into: rest.InParameter}
	case len(w.Param) > 0:
		into := rest.InParameter
		switch w.In {
		case "body":
			into = rest.InJSON
		case "header":
			into = rest.InHeader
		}
		d.tokenOption = rest.FieldOption(into, w.Param...)
	}
	return &found{d}
}

// found is the paginator of a way that was found. A slice's first page is asked for without a
// token.
type found struct{ *Default }

// Inject adds the token and the page size, which an address has already.
func (f *found) Inject(o *rest.Parts, p *rest.PageRequest) error {
	if f.byPath && p.Token != nil {
		return nil
	}
	return f.Default.Inject(o, p)
}
