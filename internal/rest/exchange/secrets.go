package exchange

import (
	"strings"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/value"
)

// secretsOf lists what an authenticator put into a request.
func secretsOf(o *rest.Parts) []string {
	if o.Empty() {
		return nil
	}
	var secrets []string
	if o.Headers != nil {
		for _, v := range o.Headers.All() {
			text := value.Str(v)
			if _, token, ok := strings.Cut(text, " "); ok { // Bearer, Basic …
				secrets = append(secrets, strings.TrimSpace(token))
			}
			secrets = append(secrets, text)
		}
	}
	for _, d := range []*value.Dict{o.Params, o.Form, o.JSON} {
		if d != nil {
			secrets = leaves(secrets, d)
		}
	}
	return secrets
}

func leaves(to []string, v any) []string {
	switch v := v.(type) {
	case *value.Dict:
		for _, item := range v.All() {
			to = leaves(to, item)
		}
	case *value.List:
		for _, item := range v.All() {
			to = leaves(to, item)
		}
	case nil, bool:
	default:
		to = append(to, value.Str(v))
	}
	return to
}

// publicAddress shows an address without secrets: no user, the parameters that the authenticator
// set blanked, known secrets replaced.
func publicAddress(r *redact.Redactor, address string, signed *rest.Parts) string {
	p := wire.Split(address)
	if i := strings.LastIndexByte(p.Host, '@'); i >= 0 {
		p.Host = p.Host[i+1:]
	}
	p.Fragment = ""
	if signed != nil && signed.Params != nil && p.Query != "" {
		items := strings.Split(p.Query, "&")
		for i, item := range items {
			name, _, _ := strings.Cut(item, "=")
			if _, ok := signed.Params.Get(wire.UnquotePlus(name)); ok {
				items[i] = name + "=" + redact.Mask
			}
		}
		p.Query = strings.Join(items, "&")
	}
	return r.Text(p.String())
}
