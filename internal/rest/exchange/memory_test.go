package exchange

import (
	"bytes"
	"testing"
)

// TestMemoryIsHeldUntilReleased wants a body untouched by those that come after it, for as long as
// it is not released.
func TestMemoryIsHeldUntilReleased(t *testing.T) {
	var all memories
	read := func(text string) *memory {
		m := all.take(len(text) + 1)
		body, ended, err := readUpTo(bytes.NewReader([]byte(text)), holdLimit, m.bytes[:0])
		if m.bytes = body; err != nil || !ended || string(body) != text {
			t.Fatalf("read %q, %v, %v", body, ended, err)
		}
		return m
	}
	first := read("the first page")
	second := read("second")
	if string(first.bytes) != "the first page" || string(second.bytes) != "second" {
		t.Errorf("held %q and %q", first.bytes, second.bytes)
	}
	second.release()
	for range 100 {
		read("a page that is longer than those before it").release()
	}
	if string(first.bytes) != "the first page" {
		t.Errorf("the body that was not released is now %q", first.bytes)
	}
}

// BenchmarkReadUpTo reads a body of 100 records again and again.
func BenchmarkReadUpTo(b *testing.B) {
	body := bytes.Repeat([]byte(`{"id":1,"name":"a name","text":"some words of no weight"},`), 1700)
	var all memories
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		m := all.take(len(body) + 1)
		held, _, err := readUpTo(bytes.NewReader(body), holdLimit, m.bytes[:0])
		if err != nil {
			b.Fatal(err)
		}
		m.bytes = held
		m.release()
	}
}
