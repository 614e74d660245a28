package auth

import (
	"anytap/internal/rest"
	"anytap/internal/value"
)

var _ rest.Identified = (*OAuth)(nil)

// Identity is what the token endpoint is asked with: the same client and the same refresh token are the same account, whatever
// token they are given. Empty where the request is another one each time (an assertion).
func (a *OAuth) Identity() string {
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
