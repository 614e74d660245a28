package rest

import (
	"strings"

	"anytap/internal/value"
)

// secretsOf lists what an authenticator put into a request.
func secretsOf(o *Options) []string {
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

// publicAddress shows an address without secrets: no user, the parameters that the authenticator set blanked, known secrets replaced.
func publicAddress(r *Redactor, address string, signed *Options) string {
	p := split(address)
	if i := strings.LastIndexByte(p.host, '@'); i >= 0 {
		p.host = p.host[i+1:]
	}
	p.fragment = ""
	if signed != nil && signed.Params != nil && p.query != "" {
		items := strings.Split(p.query, "&")
		for i, item := range items {
			name, _, _ := strings.Cut(item, "=")
			if _, ok := signed.Params.Get(unquotePlus(name)); ok {
				items[i] = name + "=" + redacted
			}
		}
		p.query = strings.Join(items, "&")
	}
	return r.Text(p.String())
}
