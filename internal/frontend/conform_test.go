package frontend

import (
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// A wrong value among very many records is found of an inferred schema; of a declared one it is
// found among the first ones, and if there are several.
func TestChecksOfManyRecords(t *testing.T) {
	t.Parallel()
	schema := value.DictOf("properties", value.DictOf("a", value.DictOf("type", "integer")))
	good, bad := value.LazyDict([]byte(`{"a":1}`)), value.LazyDict([]byte(`{"a":"x"}`))
	for name, test := range map[string]struct {
		inferred bool
		before   int
		bad      int
		found    bool
	}{
		"inferred, late":     {true, allSeen, 1, true},
		"declared, early":    {false, allSeen - 1, 1, true},
		"declared, late":     {false, allSeen, 1, false},
		"declared, late few": {false, allSeen, oneOfSeen, true},
	} {
		c := NewSchemaCheck(&tap.Stream{Inferred: test.inferred, Checked: true}, schema, false)
		for range test.before {
			if !c.Fits(good, nil) {
				t.Fatalf("%s: a good record does not fit", name)
			}
		}
		found := false
		for range test.bad {
			found = !c.Fits(bad, nil) || found
		}
		if found != test.found {
			t.Errorf("%s: found %v", name, found)
		}
	}
	if NewSchemaCheck(&tap.Stream{}, schema, false) != nil {
		t.Error("a stream of a manifest is checked")
	}
}
