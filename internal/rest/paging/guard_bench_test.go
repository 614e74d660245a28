package paging

import (
	"bytes"
	"strconv"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// BenchmarkOutline is what the guard costs for each byte that is read.
func BenchmarkOutline(b *testing.B) {
	raw := []byte(`{"id":12345,"text":"` + string(bytes.Repeat([]byte("x"), 380)) + `"}`)
	records := make([]tap.Record, 1000)
	for i := range records {
		records[i].Data = value.LazyDict(raw)
	}
	g := newGuard(&Loop{PrimaryKey: [][]string{{"id"}}}, "page")
	b.SetBytes(int64(len(raw) * len(records)))
	for b.Loop() {
		g.outline(int64(1), records)
	}
}

// BenchmarkTwice is what looking for records that come again costs for each record.
func BenchmarkTwice(b *testing.B) {
	records := make([]tap.Record, 100)
	for i := range records {
		records[i].Data = value.LazyDict([]byte(`{"id":` + strconv.Itoa(i) + `,"text":"` + string(bytes.Repeat([]byte("x"), 380)) + `"}`))
	}
	g := newGuard(&Loop{PrimaryKey: [][]string{{"id"}}}, "page")
	for b.Loop() {
		g.twice.count(records)
	}
}
