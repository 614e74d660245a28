package partition

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/manifest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestReference compares with what the reference runtime's routers gave for random routers and
// parents, one case a line. CURSOR_CASES names a directory with more of them.
func TestReference(t *testing.T) {
	dir := os.Getenv("CURSOR_CASES")
	if dir == "" {
		dir = "testdata"
	}
	n := 0
	golden.Lines(t, filepath.Join(dir, "routers.jsonl.gz"), func(line []byte) {
		n++
		v, err := value.Decode(bytes.Clone(line))
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			playRouter(t, v.(*value.Dict))
			if t.Failed() {
				t.Logf("case: %.3000s", value.Append(nil, v))
			}
		})
	})
}

func playRouter(t *testing.T, c *value.Dict) {
	t.Helper()
	var pages int
	var opened []string
	config, _ := c.Get("router")
	_, fails := c.Get("error")
	n, err := manifest.Parse("case", value.Append(nil, value.DictOf("type", "SimpleRetriever", "partition_router", value.Clone(config))))
	if err != nil {
		t.Fatal(err)
	}
	router, err := buildFrom(t, fakeTable(&pages, &opened), n)
	var partitions tap.Partitions
	if err == nil {
		partitions, err = router.Open(nil)
	}
	if err != nil {
		if !fails {
			t.Errorf("build: %v", err)
		}
		return
	}
	wanted, _ := c.Get("slices")
	i := 0
	for s, err := range partitions.All(context.Background()) {
		if err != nil {
			if i != wanted.(*value.List).Len() || !fails {
				t.Errorf("error after %d slices: %v", i, err)
			}
			fails = false
			break
		}
		if i == wanted.(*value.List).Len() {
			t.Errorf("one more: %s", s.Key())
			return
		}
		_, grouped := router.(*Grouping)
		if !sameSlice(t, s, grouped, partitions.ParentState(), pages, wanted.(*value.List).At(i).(*value.Dict)) {
			return
		}
		i++
	}
	if i != wanted.(*value.List).Len() || fails {
		t.Errorf("ended after %d slices, the reference gave %d; an error was expected: %v", i, wanted.(*value.List).Len(), fails)
	}
	if end, _ := c.Get("end"); end != "skip" && !value.Equal(orNil(partitions.ParentState()), end) {
		t.Errorf("state in the end %s, the reference: %s", value.Append(nil, partitions.ParentState()), value.Append(nil, end))
	}
}

func orNil(d *value.Dict) any {
	if d == nil {
		return nil
	}
	return d
}

func sameSlice(t *testing.T, s *tap.Slice, grouped bool, state *value.Dict, pages int, want *value.Dict) bool {
	t.Helper()
	order := value.NewList()
	for _, key := range s.Partition.Keys() {
		order.Append(key)
	}
	extra := value.NewDict(2)
	if s.Extra != nil {
		for name, v := range s.Extra.All() {
			if name == paging.ChildResponse {
				v = asRecorded(v, grouped)
			}
			extra.Set(name, v)
		}
	}
	for _, part := range []struct {
		name string
		got  any
	}{{"partition", s.Partition}, {"order", order}, {"extra", extra}, {"state", orNil(state)}, {"pages", int64(pages)}} {
		if w, _ := want.Get(part.name); !value.Equal(part.got, w) {
			t.Errorf("%s %s, the reference: %s", part.name, value.Append(nil, part.got), value.Append(nil, w))
			return false
		}
	}
	return true
}

// asRecorded marks the child's first page as the cases do.
func asRecorded(v any, grouped bool) any {
	list, ok := v.(*value.List)
	if !grouped || !ok {
		return value.DictOf("page", v)
	}
	pages := value.NewList()
	for _, page := range list.All() {
		if page != nil { // a partition without such a page
			page = value.DictOf("page", page)
		}
		pages.Append(page)
	}
	return pages
}
