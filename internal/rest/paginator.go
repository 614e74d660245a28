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
	// Next gives the next page's token, nil when this page is the last. size counts the page's
	// records after filters, as the reference runtime does (Response.Extracted counts before); last
	// is the last of them, nil where there is none.
	Next(r *Response, size int, last *value.Dict, p *PageRequest) (any, error)
	// PageSize is the size asked for; 0: none.
	PageSize() (int, error)
	// Kind says what tokens are, for positions.
	Kind() state.Kind
	// Abilities say what is known of tokens before an answer is there. They are asked for once a
	// read.
	Abilities() PaginatorAbilities
}

// PaginatorAbilities are what a Paginator can do beyond what every Paginator must. The zero value
// is none.
type PaginatorAbilities struct {
	// Counts says how tokens count, so that pages can be asked for ahead and a record that moved
	// can be looked for on the pages before. It is set only where Kind is Page or Offset; nil: only
	// an answer tells the next token.
	Counts *Counting
	// Reads are the parts of an answer's body that Next looks at.
	Reads Reads
	// Peeks says that Next needs only the headers and what Reads lists, and neither the records nor
	// their number, so that the next page may be found while this one still comes in.
	Peeks bool
	// Find finds out how the API pages: the paginator itself asks for a first page only. nil: the
	// paginator knows.
	Find Finder
}

// Counting says how tokens count pages or records.
type Counting struct {
	// Start is the number of the first page, whether or not it is sent.
	Start int64
	// Step is what a full page adds; at least 1.
	Step int64
}

// After is the token behind a full page; nil where nothing counts.
func (c *Counting) After(token any) any {
	if c == nil {
		return nil
	}
	if n, ok := token.(int64); ok {
		return n + c.Step
	}
	return c.Start + c.Step
}

// Reads is what a paginator's templates look at in an answer's body. The zero value is nothing.
type Reads struct {
	// Paths are the members of `response` that are looked at.
	Paths [][]string
	// All says that it may be any part of it.
	All bool
}
