package value

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestShapes opens objects whose names are the same, nearly the same, in another order, escaped or
// twice, several times each and by several goroutines, so that those which came before are met
// again.
func TestShapes(t *testing.T) {
	var many []string
	for i := range 70 {
		many = append(many, fmt.Sprintf(`"n%d":%d`, i, i))
	}
	long := strings.Repeat("x", 2000)
	texts := map[string]string{
		`{"a":1,"b":2}`: "a b", `{"b":1,"a":2}`: "b a", `{"a":1,"b":2,"c":3}`: "a b c", `{"ab":1,"c":2}`: "ab c", `{"a":1,"bc":2}`: "a bc",
		`{"a":1,"a":2}`: "a", `{"a":1,"\u0062":2}`: "a b", `{"a":1,"\u0061":2}`: "a", `{ "a" : 1 , "b" : 2 }`: "a b",
		`{}`: "", `{"":1}`: "", `{"` + long + `":1}`: long, "{" + strings.Join(many, ",") + "}": "n0 n1",
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				for text, want := range texts {
					d := LazyDict([]byte(text))
					got := strings.Join(d.Keys(), " ")
					if got != want && !(d.Len() == 70 && strings.HasPrefix(got, want)) {
						t.Errorf("%.40s: names %.80q, want %.80q", text, got, want)
					}
					d.Set("new", int64(1))
					if v, ok := d.Get("new"); !ok || v != int64(1) {
						t.Errorf("%.40s: what was set is %v", text, v)
					}
				}
			}
		})
	}
	all.Wait()
}
