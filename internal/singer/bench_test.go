package singer

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

func benchSink(f *fields) (*sink, *tap.Stream) {
	k := newSink(frontend.NewWriter(io.Discard), slog.New(slog.DiscardHandler), time.Now, newState())
	s := &tap.Stream{Name: "items", PrimaryKey: [][]string{{"id"}}}
	k.add(frontend.Wanted{Stream: s}, keyProperties(s), f, nil)
	return k, s
}

// BenchmarkRecords encodes a page of 100 records as RECORD messages.
func BenchmarkRecords(b *testing.B) {
	k, s := benchSink(nil)
	records := taptest.Records(100)
	b.ReportAllocs()
	b.SetBytes(int64(len(taptest.PageText(100))))
	for b.Loop() {
		if err := k.Records(s, records); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecordsPruned does so without two fields that the catalog does not select.
func BenchmarkRecordsPruned(b *testing.B) {
	k, s := benchSink(&fields{drop: map[string]bool{"body": true, "uuid": true}})
	b.ReportAllocs()
	b.SetBytes(int64(len(taptest.PageText(100))))
	for b.Loop() {
		b.StopTimer()
		records := taptest.Records(100)
		b.StartTimer()
		if err := k.Records(s, records); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckpoint encodes the state of a list that is read page by page.
func BenchmarkCheckpoint(b *testing.B) {
	k, s := benchSink(nil)
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
