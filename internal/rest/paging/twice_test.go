package paging

import (
	"fmt"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestShiftsAreCounted moves a list by every number of records between two pages of every size.
func TestShiftsAreCounted(t *testing.T) {
	t.Parallel()
	page := func(from, size int) []tap.Record {
		records := make([]tap.Record, size)
		for i := range records {
			records[i].Data = value.LazyDict(fmt.Appendf(nil, `{"a":"x","id":%d}`, from+i))
		}
		return records
	}
	for _, size := range []int{1, 2, 3, 10, 100, 999, 5000} {
		for _, shift := range []int{0, 1, 2, 3, 9, 10, 50, 99, 100, 500, 998, 4999, 5000} {
			if shift > size {
				continue
			}
			g := newGuard(&Loop{PrimaryKey: [][]string{{"a"}, {"id"}}}, "page")
			if n := g.twice.count(page(0, size)); n != 0 {
				t.Errorf("%d of the first page came before", n)
			}
			if n := g.twice.count(page(size-shift, size)); n != shift {
				t.Errorf("pages of %d, a shift of %d: %d came again", size, shift, n)
			}
		}
	}
	for name, key := range map[string][][]string{"no key": nil, "an inner key": {{"a", "b"}}, "a key that is missing": {{"c"}}} {
		g := newGuard(&Loop{PrimaryKey: key}, "page")
		if n := g.twice.count(page(0, 5)) + g.twice.count(page(0, 5)); n != 0 {
			t.Errorf("%s: %d came again", name, n)
		}
	}
}
