package tap_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
	"anytap/state"
)

// shared is a retriever that yields the same page again and again: what is left is the cost of
// passing it on.
type shared struct {
	records []tap.Record
	pages   int
}

func (s shared) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		for n := range s.pages {
			here := state.Position{Kind: state.Page, Token: int64(n)}
			if !yield(tap.Page{Records: s.records, Here: here, After: here}, nil) {
				return
			}
		}
	}
}

// slicesOf is a cursor with that many slices.
type slicesOf int

func (c slicesOf) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for n := range int(c) {
			if !yield(tap.NewSlice(value.DictOf("id", int64(n)), nil, nil), nil) {
				return
			}
		}
	}
}
func (slicesOf) Observe(*tap.Slice, tap.Record) {}
func (slicesOf) Close(*tap.Slice) error         { return nil }
func (slicesOf) Finish()                        {}
func (slicesOf) State() *value.Dict             { return nil }
func (slicesOf) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }

// nowhere is a sink that costs nothing.
type nowhere struct{}

func (nowhere) Begin(*tap.Stream) error                              { return nil }
func (nowhere) Records(*tap.Stream, []tap.Record) error              { return nil }
func (nowhere) Checkpoint(*tap.Stream, *state.Bookmark) (int, error) { return 100, nil }
func (nowhere) End(*tap.Stream, error) error                         { return nil }

// BenchmarkOrder passes pages of 100 records from slices to the writer, in order and each with its
// checkpoint. An operation is a page.
func BenchmarkOrder(b *testing.B) {
	for _, slices := range []int{1, 10} {
		b.Run(fmt.Sprintf("slices=%d", slices), func(b *testing.B) {
			b.ReportAllocs()
			pages := shared{records: taptest.Records(100), pages: b.N/slices + 1}
			stream := &tap.Stream{Name: "items", PrimaryKey: [][]string{{"id"}}, Resumable: true, Open: func(tap.StartingPoint) (*tap.Reading, error) {
				return &tap.Reading{Cursor: slicesOf(slices), Retriever: pages}, nil
			}}
			if _, err := tap.Read(b.Context(), []tap.Selection{{Stream: stream}}, nowhere{}, tap.ReadSettings{Source: "bench", Concurrency: slices}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
