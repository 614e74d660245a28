package state

import (
	"math"
	"testing"

	"anytap/internal/value"
)

func TestSliceKey(t *testing.T) {
	for name, test := range map[string]struct {
		partition, window string
		want              string
	}{
		"a stream of one slice":              {`{}`, `{}`, `{}`},
		"a partition":                        {`{"id":1}`, `{}`, `{"id":1}`},
		"its members in any order":           {`{"b":{"d":1,"c":2},"a":"é"}`, `{}`, `{"a":"\u00e9","b":{"c":2,"d":1}}`},
		"a window":                           {`{}`, `{"to":"2","from":"1"}`, `{}{"from":"1","to":"2"}`},
		"a partition and a window":           {`{"id":1}`, `{"from":"1"}`, `{"id":1}{"from":"1"}`},
		"a number is not the text of it":     {`{"id":"1"}`, `{}`, `{"id":"1"}`},
		"a window that is a partition's too": {`{"from":"1"}`, `{}`, `{"from":"1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := SliceKey(dictOf(t, test.partition), dictOf(t, test.window)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	window := value.DictOf("end", math.Inf(1), "start", int64(7))
	if got := SliceKey(value.NewDict(0), window); got != `{}{"end":null,"start":7}` || window.Len() != 2 {
		t.Errorf("a window without end: %s", got)
	}
	if end, _ := window.Get("end"); end == nil {
		t.Error("the key changed its window")
	}
	if got := SliceKey(value.NewDict(0), nil); got != "{}" {
		t.Errorf("without a window: %s, want {}", got)
	}
}

// TestHashKeyStaysTheSame holds the hash to what older state files have.
func TestHashKeyStaysTheSame(t *testing.T) {
	for key, want := range map[string]string{`{"p":"b"}`: "0Jbau2pteak", `{}`: "CPRLB7WQGiU"} {
		if got := HashKey(key); got != want || len(got) != 11 {
			t.Errorf("HashKey(%s) is %q, want %q", key, got, want)
		}
	}
}
