package paging

import (
	"anytap/internal/rest"
	"anytap/internal/value"
	"anytap/state"
)

// OnePage is the paginator of an API without pages.
type OnePage struct{}

var _ rest.Paginator = OnePage{}

// First is nil: no token is sent.
func (OnePage) First() (any, error) { return nil, nil }

// Inject adds nothing.
func (OnePage) Inject(*rest.Parts, *rest.PageRequest) error { return nil }

// Path is the requester's own.
func (OnePage) Path(*rest.PageRequest) (string, error) { return "", nil }

// Next is nil: the first page is the last.
func (OnePage) Next(*rest.Response, int, *value.Dict, *rest.PageRequest) (any, error) {
	return nil, nil
}

// PageSize is 0: none is sent.
func (OnePage) PageSize() (int, error) { return 0, nil }

// Kind is that of a slice with one page.
func (OnePage) Kind() state.Kind { return state.None }

// Abilities are none.
func (OnePage) Abilities() rest.PaginatorAbilities { return rest.PaginatorAbilities{} }
