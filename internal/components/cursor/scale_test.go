package cursor

import (
	"fmt"
	"runtime"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// statesOf is a state of n partitions.
func statesOf(n int) []byte {
	b := []byte(`{"use_global_cursor":false,"states":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"partition":{"parent_id":%d,"parent_slice":{}},"cursor":{"d":"2026-01-%02d"}}`, i, 1+i%28)
	}
	return append(b, `],"state":{"d":"2026-01-28"},"lookback_window":1}`...)
}

func openState(t *testing.T, text []byte) *partitioned {
	t.Helper()
	c, err := newPartitioned(days("2026-01-01", "2026-02-01", nil), nil, manyPartitions(1), false, tap.StartingPoint{State: value.LazyDict(text)}, nullLog)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAStateOfManyPartitionsTakesLittleMemory reads a state with more partitions than are kept.
func TestAStateOfManyPartitionsTakesLittleMemory(t *testing.T) {
	text := statesOf(200_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := openState(t, text)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int(after.HeapAlloc) - int(before.HeapAlloc); held > 3*len(text) {
		t.Errorf("a state of %d bytes holds %d bytes", len(text), held)
	}
	if c.order.Len() != maxPartitions-1 || c.count != 200_000 {
		t.Errorf("%d of %d partitions are kept, want %d", c.order.Len(), c.count, maxPartitions-1)
	}
	for s, err := range c.Slices(t.Context()) {
		if err != nil || s == nil {
			t.Fatal(err)
		}
	}
	if !c.global {
		t.Error("each partition has a state of its own")
	}
}

// TestTheStateOfOneCursorForAllCostsLittle makes the state of many partitions that share a cursor.
func TestTheStateOfOneCursorForAllCostsLittle(t *testing.T) {
	c := openState(t, statesOf(20_000))
	c.global = true
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		c.changed()
		c.State()
	}
	runtime.ReadMemStats(&after)
	if each := int(after.TotalAlloc-before.TotalAlloc) / 100; each > 4096 {
		t.Errorf("a state of %d bytes took %d bytes", len(c.state), each)
	}
}
