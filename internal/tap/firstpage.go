package tap

import "context"

// onlyFirst is the key of a context in which streams are read up to the end of their first page.
type onlyFirst struct{}

// OnlyFirstPage reports whether the reader of a slice wants its first page alone: nothing is asked
// for behind it.
func OnlyFirstPage(ctx context.Context) bool { return ctx.Value(onlyFirst{}) != nil }

// triedSlices is how many slices are tried for a page with records.
const triedSlices = 5

// FirstPage reads the first page of a stream that has records, or tries a few slices for one, and
// calls f for each part of a page. It finds what a read would fail with on such a page. slices is
// how many slices were tried.
func FirstPage(ctx context.Context, s *Stream, f func([]Record) error) (slices int, err error) {
	if s.Unsupported != nil {
		return 0, s.Unsupported
	}
	reading, err := s.Open(StartingPoint{})
	if err != nil {
		return 0, err
	}
	ctx = context.WithValue(ctx, onlyFirst{}, true)
	for slice, err := range reading.Cursor.Slices(ctx) {
		if err != nil {
			return slices, err
		}
		slices++
		n, err := reading.firstPage(ctx, slice, f)
		if err != nil || n > 0 || slices == triedSlices {
			return slices, err
		}
	}
	return slices, nil
}

// firstPage reads the first page of a slice, of n records. The cursor sees them, since it knows
// what is wrong with them too.
func (r *Reading) firstPage(ctx context.Context, s *Slice, f func([]Record) error) (n int, err error) {
	failed := r.Cursor.Abilities().Failed
	for page, err := range r.Retriever.Pages(ctx, s) {
		for _, record := range page.Records {
			r.Cursor.Observe(s, record)
		}
		if err == nil && failed != nil {
			err = failed(s)
		}
		if err == nil {
			n += len(page.Records)
			err = f(page.Records)
		}
		if page.Release != nil {
			page.Release()
		}
		if err != nil {
			return n, err
		}
	}
	return n, r.Cursor.Close(s)
}
