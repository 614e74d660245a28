package exchange

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/value"
)

// secret is what an authenticator put into a request, with the name of its place there.
type secret struct{ name, text string }

// secretsOf lists what an authenticator put into a request.
func secretsOf(o *rest.Parts) []secret {
	if o.Empty() {
		return nil
	}
	var secrets []secret
	if o.Headers != nil {
		for key, v := range o.Headers.AllKeys() {
			name, text := obtained+"header."+value.Str(key), value.Str(v)
			if _, token, ok := strings.Cut(text, " "); ok { // Bearer, Basic …
				secrets = append(secrets, secret{name + ".token", strings.TrimSpace(token)})
			}
			secrets = append(secrets, secret{name, text})
		}
	}
	for _, part := range []struct {
		name string
		d    *value.Dict
	}{{"parameter", o.Params}, {"form", o.Form}, {"body", o.JSON}} {
		if part.d == nil {
			continue
		}
		for i, text := range leaves(nil, part.d) {
			secrets = append(secrets, secret{obtained + part.name + "." + strconv.Itoa(i+1), text})
		}
	}
	return secrets
}

// obtained begins the names of secrets that are not the configuration's own.
const obtained = "request."

// parts are the secrets that a secret is made of.
func (s secret) parts() []secret {
	var all []secret
	for i, part := range redact.Parts(s.text) {
		all = append(all, secret{s.name + "#" + strconv.Itoa(i+1), part})
	}
	return all
}

// learn makes what an authenticator added known as secret.
func (c *Client) learn(o *rest.Parts) {
	for _, s := range secretsOf(o) {
		if !c.redact.Name(s.name, s.text) {
			continue // it is known with its parts
		}
		for _, part := range s.parts() {
			c.redact.Name(part.name, part.text)
		}
	}
}

// learnLogin makes known as secret what a request for a token says under telling names. Its
// configuration may not say that it is secret.
func (c *Client) learnLogin(address string, o *rest.Parts) {
	c.redact.Add(redact.InAddress(address)...)
	if o == nil {
		return
	}
	for _, d := range []*value.Dict{o.Params, o.Headers, o.Form, o.JSON} {
		c.learnTelling(d)
	}
}

func (c *Client) learnTelling(d *value.Dict) {
	if d == nil {
		return
	}
	for key, v := range d.AllKeys() {
		if inner, ok := v.(*value.Dict); ok {
			c.learnTelling(inner)
		} else if redact.Telling(value.Str(key)) {
			for _, text := range leaves(nil, v) {
				if !redact.Usual(text) {
					c.redact.Add(append(redact.Parts(text), text)...)
				}
			}
		}
	}
}

// Seal replaces secrets by placeholders: see rest.RequesterAbilities.
func (c *Client) Seal(text string) string { return c.redact.Seal(text) }

// Unseal puts secrets back: those of the configuration, and those that the authenticator now adds
// to a request. See rest.RequesterAbilities.
func (x *Endpoint) Unseal(ctx context.Context, text string) (string, error) {
	c := x.client
	whole, missing := c.redact.Unseal(text, c.redact.Named)
	if strings.HasPrefix(missing, obtained) && x.Auth != nil && x.auth.SignDraft == nil {
		o := &rest.Parts{}
		if err := x.Auth.Sign(ctx, o); err != nil {
			return "", err
		}
		c.learn(o)
		added := map[string]string{}
		for _, s := range secretsOf(o) {
			for _, s := range append(s.parts(), s) {
				added[s.name] = s.text
			}
		}
		whole, missing = c.redact.Unseal(text, func(name string) (string, bool) {
			if text, ok := added[name]; ok {
				return text, true
			}
			return c.redact.Named(name)
		})
	}
	switch missing {
	case "":
		return whole, nil
	case redact.Unknown:
		return "", fmt.Errorf("%w: it has no name", rest.ErrSecretGone)
	}
	return "", fmt.Errorf("%w: %s", rest.ErrSecretGone, missing)
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
// set and those with telling names blanked, known secrets replaced.
func publicAddress(r *redact.Redactor, address string, signed *rest.Parts) string {
	p := wire.Split(address)
	p.Host = p.HostPort()
	p.Fragment = ""
	if p.Query != "" {
		items := strings.Split(p.Query, "&")
		for i, item := range items {
			name, _, hasValue := strings.Cut(item, "=")
			plain, own := wire.UnquotePlus(name), false
			if signed != nil && signed.Params != nil {
				_, own = signed.Params.Get(plain)
			}
			if hasValue && (own || redact.Telling(plain)) {
				items[i] = name + "=" + redact.Mask
			}
		}
		p.Query = strings.Join(items, "&")
	}
	return r.Text(p.String())
}
