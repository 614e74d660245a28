package wire

import (
	"net/url"
	"slices"
	"strings"

	"anytap/internal/value"
)

// WithoutParams is an address without the query parameters that have a name among params. The
// others stay as they are written.
func WithoutParams(address string, params *value.Dict) string {
	if params == nil || params.Len() == 0 || !strings.Contains(address, "?") {
		return address
	}
	p := Split(address)
	parts := strings.Split(p.Query, "&")
	left := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		_, replaced := params.Get(name)
		return replaced
	})
	if len(left) == len(parts) {
		return address
	}
	p.Query = strings.Join(left, "&")
	return p.String()
}
