package literal

import (
	"testing"

	"anytap/internal/python"
	"anytap/internal/value"
)

func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"1_000", "[1, (2,), {'a': b'x'}]", "{1, 2}", "-1.5e3+2j", "'a' \"b\"", "(\n1,#c\n2)", "r'\\d'", "'\\x41\\u00e9'", "..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := Parse(s)
		if !ok {
			return
		}
		budget := python.MaxSteps
		if !RoundTrips(v, 1, &budget) {
			return
		}
		again, ok := Parse(value.Repr(v))
		if !ok || value.Repr(again) != value.Repr(v) {
			t.Errorf("%q is %s, which is read as %s", s, value.Repr(v), value.Repr(again))
		}
	})
}
