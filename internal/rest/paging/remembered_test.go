package paging

import "testing"

// TestRemembered wants the first and the latest entries kept, the newest value of each, and no
// more.
func TestRemembered(t *testing.T) {
	const all = 10 * mostRemembered
	var r remembered
	for key := range uint64(all) {
		r.put(key, key+1)
		r.put(7, key)
	}
	for key := range uint64(all) {
		got, ok := r.get(key)
		switch known := key < mostRemembered || key >= all-mostRemembered; {
		case key == 7 && got != all-1:
			t.Errorf("7 is %d, expected its latest value %d", got, all-1)
		case known && (!ok || key != 7 && got != key+1):
			t.Fatalf("%d is %d %v, expected to be kept", key, got, ok)
		}
	}
	if n := len(r.first) + len(r.former) + len(r.latest); n > 3*mostRemembered {
		t.Errorf("%d entries are kept, expected at most %d", n, 3*mostRemembered)
	}
}
