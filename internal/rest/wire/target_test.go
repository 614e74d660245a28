package wire

import (
	"testing"

	"anytap/internal/value"
)

func TestBlanksInParameters(t *testing.T) {
	t.Parallel()
	params := value.DictOf("$filter", "a ge 1+1", "tags", value.NewList("x y", "z"))
	for _, c := range []struct{ name, address, plus, escaped string }{
		{"no query of its own", "https://h/p", "%24filter=a+ge+1%2B1&tags=x+y&tags=z", "%24filter=a%20ge%201%2B1&tags=x%20y&tags=z"},
		{"the address keeps its own", "https://h/p?q=a+b", "q=a+b&%24filter=a+ge+1%2B1&tags=x+y&tags=z", "q=a+b&%24filter=a%20ge%201%2B1&tags=x%20y&tags=z"},
	} {
		target, err := Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := target.With(params).RawQuery; got != c.plus {
			t.Errorf("%s: With gives %s, want %s", c.name, got, c.plus)
		}
		if got := target.WithEscaped(params).RawQuery; got != c.escaped {
			t.Errorf("%s: WithEscaped gives %s, want %s", c.name, got, c.escaped)
		}
	}
}
