package rest

import (
	"iter"

	"anytap/internal/value"
)

// Decoder turns a body into values.
type Decoder interface {
	// Decode yields the values of the body: one for JSON, one a line for JSONL, one a row for CSV.
	// An error is yielded last.
	Decode(r *Response) iter.Seq2[any, error]
	// Streams says that bodies should not be held in memory whole.
	Streams() bool
}

// Pager is a Decoder that says whether paginators may look into its answers; one that does not say so is
// refused by every paginator, before any request.
type Pager interface {
	Paginates() bool
}

// CanPaginate reports whether paginators accept the decoder; nil is JSON's.
func CanPaginate(d Decoder) bool {
	if d == nil {
		return true
	}
	p, ok := d.(Pager)
	return ok && p.Paginates()
}

// TemplateValue is what templates of a paginator know as response: the first value that the decoder
// finds, an empty object where there is none or where the decoder streams.
func TemplateValue(d Decoder, r *Response) (any, error) {
	if d == nil {
		d = JSONDecoder{}
	}
	if d.Streams() {
		return value.NewDict(0), nil
	}
	for v, err := range d.Decode(r) {
		return v, err
	}
	return value.NewDict(0), nil
}
