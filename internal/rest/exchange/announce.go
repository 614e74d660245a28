package exchange

import (
	"maps"
	"slices"
	"strings"

	"anytap/internal/redact"
	"anytap/internal/tap"
)

// announce tells of a request before it is sent, if somebody asks. An error keeps it back.
func (x *Endpoint) announce(r *request) error {
	asking := x.client.rt.Asking
	if asking == nil {
		return nil
	}
	a := tap.Asked{
		Stream: x.Stream, Method: r.Method, Login: x.NoStore,
		Address: publicAddress(x.client.redact, r.Address(), r.signed), Body: x.client.redact.Text(string(r.Body)),
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		text := x.client.redact.Text(strings.Join(r.Header[name], ", "))
		if redact.Telling(name) || r.signs(name) {
			text = redact.Mask
		}
		a.Headers = append(a.Headers, name+": "+text)
	}
	return asking(a)
}

// signs reports whether the authenticator set a header.
func (r *request) signs(name string) bool {
	if r.signed == nil || r.signed.Headers == nil {
		return false
	}
	for own := range r.signed.Headers.All() {
		if strings.EqualFold(own, name) {
			return true
		}
	}
	return false
}
