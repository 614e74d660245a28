package airbyte

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/state"
)

func benchSink(b *testing.B) (*sink, *tap.Stream) {
	b.Helper()
	k, s := newSink(&output{writer: frontend.NewWriter(io.Discard), now: time.Now}, slog.New(slog.DiscardHandler), nil), &tap.Stream{Name: "items"}
	if err := k.Begin(s); err != nil {
		b.Fatal(err)
	}
	return k, s
}

// BenchmarkRecords encodes a page of 100 records as RECORD messages.
func BenchmarkRecords(b *testing.B) {
	k, s := benchSink(b)
	records := taptest.Records(100)
	b.ReportAllocs()
	b.SetBytes(int64(len(taptest.PageText(100))))
	for b.Loop() {
		if err := k.Records(s, records); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckpoint encodes the state of a list that is read page by page.
func BenchmarkCheckpoint(b *testing.B) {
	k, s := benchSink(b)
	whole := tap.NewSlice(nil, nil, nil)
	here := state.SlicePosition{Partition: whole.Partition, Window: whole.Window, Position: state.Position{Kind: state.Page, LastID: int64(4711)}}
	b.ReportAllocs()
	for n := int64(1); b.Loop(); n++ {
		here.Position.Token = n
		if _, err := k.Checkpoint(s, &state.Bookmark{Source: "bench", Stream: "items", Slices: []state.SlicePosition{here}}); err != nil {
			b.Fatal(err)
		}
	}
}
