package rest

import (
	"anytap/internal/value"
	"anytap/state"
)

// Paginator finds the next page. It holds no state: all slices share it.
type Paginator interface {
	// First is the token of a slice's first page; nil: none is sent.
	First() (any, error)
	// Inject adds token and page size to the request.
	Inject(*Parts, *PageRequest) error
	// Path is the address that the token stands for; empty: the requester's own.
	Path(*PageRequest) (string, error)
	// Next gives the next page's token, nil when this page is the last. size counts the page's records
	// after filters (as the reference runtime does; Response.Extracted counts before), last is the last of them (nil: none).
	Next(r *Response, size int, last *value.Dict, p *PageRequest) (any, error)
	// PageSize is the size asked for; 0: none.
	PageSize() (int, error)
	// Kind says what tokens are, for positions.
	Kind() state.Kind
	// Sequential paginators derive the next token from the present one alone (page numbers, offsets), so that pages can be asked for ahead:
	// Ahead gives the token that follows a full page, or nil where only the answer can tell.
	Ahead(token any) any
}

// Reads is what a paginator's templates want of an answer.
type Reads struct {
	// Paths are the members of `response` that are looked at.
	Paths [][]string
	// All says that it may be any part of it.
	All bool
}

// Reader is a Paginator that looks into answers. One that is no Reader never does.
type Reader interface {
	Reads() *Reads
}

// Early is a Paginator that may find the next page before the records of this one are there.
type Early interface {
	Reader
	// Early reports whether Next wants nothing but headers, and of the body the paths of Reads.
	Early() bool
}
