package paging

import (
	"fmt"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
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

// TestUpdatedRowsComeAgain has rows that come on the first page, and once more further on.
func TestUpdatedRowsComeAgain(t *testing.T) {
	t.Parallel()
	page := func(ids ...int) []tap.Record {
		records := make([]tap.Record, len(ids))
		for i, id := range ids {
			records[i].Data = value.LazyDict(fmt.Appendf(nil, `{"id":%d}`, id))
		}
		return records
	}
	for name, c := range map[string]struct {
		kind  state.Kind
		pages [][]tap.Record
		want  int
	}{
		"two pages further on":   {state.Page, [][]tap.Record{page(1, 2, 3), page(5, 6, 7), page(8, 2, 3)}, 2},
		"by offset":              {state.Offset, [][]tap.Record{page(1, 2, 3), page(5, 6, 7), page(1)}, 1},
		"by a token":             {state.Opaque, [][]tap.Record{page(1, 2, 3), page(5, 6, 7), page(1)}, 0},
		"again and again":        {state.Page, [][]tap.Record{page(1, 2), page(1, 3), page(1, 4)}, 2},
		"twice on the same page": {state.Page, [][]tap.Record{page(1, 2), page(3, 3)}, 0},
		"none":                   {state.Page, [][]tap.Record{page(1, 2), page(3, 4), page(5)}, 0},
	} {
		g := newGuard(&Loop{PrimaryKey: [][]string{{"id"}}}, c.kind)
		again := 0
		for _, p := range c.pages {
			again += g.twice.count(p)
		}
		if again != c.want {
			t.Errorf("%s: %d came again, want %d", name, again, c.want)
		}
	}
}
