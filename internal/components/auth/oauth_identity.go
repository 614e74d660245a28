package auth

import (
	"anytap/internal/value"
)

// identity is the request for a token. The same client with the same refresh token is the same
// account, whichever access token it gets. Empty where each request is another one: it holds an
// assertion.
func (a *OAuth) identity() string {
	if a.address == nil || a.request.assertion != nil {
		return ""
	}
	address, err := a.where()
	if err != nil {
		return ""
	}
	o, err := a.request.options()
	if err != nil {
		return ""
	}
	text := []byte(address)
	for _, part := range []*value.Dict{o.Params, o.Form, o.JSON, o.Headers} {
		text = append(text, 0)
		if part != nil {
			text = value.AppendCompactSorted(text, part)
		}
	}
	return string(text)
}
