package tap

import (
	"strings"
	"testing"

	"anytap/internal/value"
)

func TestIdentityIsThePrimaryKeyOrTheText(t *testing.T) {
	id, composite := [][]string{{"id"}}, [][]string{{"id"}, {"owner", "id"}}
	for name, test := range map[string]struct {
		key    [][]string
		record string
		want   string
	}{
		"a key":                        {id, `{"id":7}`, `7`},
		"a key of two fields":          {composite, `{"id":7,"owner":{"id":"a"}}`, `[7,"a"]`},
		"no primary key":               {nil, `{"id":7}`, `"hash:`},
		"a record without its key":     {id, `{"name":"x"}`, `"hash:`},
		"a record with half of it":     {composite, `{"id":7}`, `"hash:`},
		"a record whose key is null":   {id, `{"id":null}`, `"hash:`},
		"a part that is null is a key": {composite, `{"id":null,"owner":{"id":"a"}}`, `[null,"a"]`},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(value.Append(nil, IDOf(test.key, Record{Data: value.LazyDict([]byte(test.record))})))
			if isHash := strings.HasSuffix(test.want, `"hash:`); got != test.want && !(isHash && strings.HasPrefix(got, test.want)) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestIdentityOutlivesTheRecord(t *testing.T) {
	raw := []byte(`{"id":"first"}`)
	id := IDOf([][]string{{"id"}}, Record{Data: value.LazyDict(raw)})
	clear(raw)
	if id != "first" {
		t.Errorf("the identity became %q when the record's memory was used again", id)
	}
}

func TestIndexOfFindsTheFirstRecordWithAnIdentity(t *testing.T) {
	var records []Record
	for _, text := range []string{`{"id":1}`, `{"id":2,"n":1}`, `{"id":2,"n":2}`, `{"name":"x"}`} {
		records = append(records, Record{Data: value.LazyDict([]byte(text))})
	}
	key := [][]string{{"id"}}
	for name, test := range map[string]struct {
		id   any
		want int
	}{
		"the only one":  {int64(1), 0},
		"one of two":    {int64(2), 1},
		"one by a hash": {IDOf(key, records[3]), 3},
		"none":          {int64(3), -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := IndexOf(key, records, test.id); got != test.want {
				t.Errorf("index %d, want %d", got, test.want)
			}
		})
	}
}
