package wire_test

import (
	"testing"

	"anytap/internal/rest/wire"
	"anytap/internal/value"
)

func TestWithoutParams(t *testing.T) {
	tests := map[string]struct{ address, want string }{
		"one":                {"https://a/b?cursor=%2A&n=1", "https://a/b?n=1"},
		"the only one":       {"https://a/b?cursor=%2A", "https://a/b"},
		"escaped":            {"https://a/b?page%5Bafter%5D=1&x=%20+", "https://a/b?x=%20+"},
		"several":            {"https://a/b?cursor=1&x&cursor=2", "https://a/b?x"},
		"none":               {"https://a/b?x=1&&y", "https://a/b?x=1&&y"},
		"no query":           {"https://a/b", "https://a/b"},
		"a name that begins": {"https://a/b?cursors=1", "https://a/b?cursors=1"},
		"a fragment":         {"https://a/b?cursor=1#f", "https://a/b#f"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := wire.WithoutParams(test.address, value.DictOf("cursor", "c2", "page[after]", "3")); got != test.want {
				t.Errorf("address is %s, expected %s", got, test.want)
			}
		})
	}
}
