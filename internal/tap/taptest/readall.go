package taptest

import (
	"context"
	"iter"

	"anytap/internal/tap"
)

// ReadAll yields the records of a reading, one after the other and without a sink. The cursor
// observes each record before it is yielded, and closes each slice. An error comes last.
func ReadAll(ctx context.Context, r *tap.Reading) iter.Seq2[tap.Record, error] {
	return func(yield func(tap.Record, error) bool) {
		for slice, err := range r.Cursor.Slices(ctx) {
			if err != nil {
				yield(tap.Record{}, err)
				return
			}
			if !readSlice(ctx, r, slice, yield) {
				return
			}
		}
		r.Cursor.Finish()
	}
}

func readSlice(ctx context.Context, r *tap.Reading, slice *tap.Slice, yield func(tap.Record, error) bool) bool {
	for page, err := range r.Retriever.Pages(ctx, slice) {
		for _, record := range page.Records {
			r.Cursor.Observe(slice, record)
			if !yield(record, nil) {
				return false
			}
		}
		if err != nil {
			yield(tap.Record{}, err)
			return false
		}
	}
	if err := r.Cursor.Close(slice); err != nil {
		yield(tap.Record{}, err)
		return false
	}
	return true
}
