package rest

import (
	"context"
	"errors"
	"iter"

	"anytap/internal/python/exception"
	"anytap/internal/tap"
)

// Selector makes records of a response: decode, extract, filter, transform, normalise.
type Selector interface {
	// Select yields the response's records in order, in batches: one for a body that is held,
	// several for one that is streamed. An empty batch says that nothing more has come for a while.
	// What could be made before an error is yielded with or before it. It sets r.Extracted at the
	// end.
	Select(ctx context.Context, r *Response, p *PageRequest) iter.Seq2[[]tap.Record, error]
}

// Extractor finds the records in an answer.
type Extractor interface {
	// Extract yields what may be records, objects or not. An error is yielded last.
	Extract(ctx context.Context, r *Response) iter.Seq2[any, error]
}

// Refiner is a Selector that filters, transforms and casts records which were extracted elsewhere.
type Refiner interface {
	Refine(ctx context.Context, records iter.Seq2[any, error], p *PageRequest) iter.Seq2[[]tap.Record, error]
}

// TemplateError gives what a template raised its kind: a variable that manifests may not use any
// more is for the user to mend, everything else is the manifest's mistake.
func TemplateError(err error) error {
	if e, ok := errors.AsType[*exception.Error](err); ok && e.Class == "AirbyteTracedException" {
		return &tap.Error{Kind: tap.Config, Err: err}
	}
	return err
}
