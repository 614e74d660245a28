package paging_test

import (
	"context"
	"iter"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// manySlices reads slices of one page each by the same reading, as a stream with as many partitions
// does.
func manySlices(ctx context.Context, b *bench, n int) error {
	reading := b.Open(nil)
	slice := &tap.Slice{Partition: value.NewDict(0), Window: value.NewDict(0)}
	for range n {
		for page, err := range reading.Pages(ctx, slice) {
			if err != nil {
				return err
			}
			if page.Release != nil {
				page.Release()
			}
		}
	}
	return nil
}

// remarked is a page loop as a manifest has it, over a list of one page which says that there is
// more, or nothing of the kind.
func remarked(more bool) *bench {
	records := 2
	if more {
		records = 3
	}
	l := &resttest.Listing{Records: resttest.Numbered(records), Size: 2}
	return newBench(l, found{&resttest.Data{}}, paging.OnePage{})
}

// found is a selector that says where it found the records.
type found struct{ *resttest.Data }

func (f found) Select(ctx context.Context, r *rest.Response, p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	r.Found = rest.Found{Kind: rest.ListThere, Path: []string{"data"}}
	return f.Data.Select(ctx, r, p)
}

// TestRemarkIsMadeOnce reads many slices whose ends are contradicted: there is one warning.
func TestRemarkIsMadeOnce(t *testing.T) {
	b := remarked(true)
	if err := manySlices(t.Context(), b, 2000); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.log.String(), "the list may not be complete"); n != 1 || strings.Count(b.log.String(), "\n") != 1 {
		t.Errorf("%d remarks in %d lines, expected one:\n%.600s", n, strings.Count(b.log.String(), "\n"), b.log.String())
	}
	b = remarked(false)
	if err := manySlices(t.Context(), b, 2000); err != nil || b.log.String() != "" {
		t.Errorf("error %v, log %q, expected none", err, b.log.String())
	}
}

// BenchmarkSlices reads 100,000 slices of one page. Where the ends are contradicted, the remark is
// made at the first; where they are not, it is looked for.
func BenchmarkSlices(b *testing.B) {
	for name, more := range map[string]bool{"contradicted": true, "not contradicted": false} {
		b.Run(name, func(b *testing.B) {
			loop := remarked(more)
			b.ReportAllocs()
			for b.Loop() {
				if err := manySlices(b.Context(), loop, 100_000); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
