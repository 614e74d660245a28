package requester

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Send sends the request for a page.
func (h *HTTP) Send(ctx context.Context, p *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	env := h.variables(p)
	base, address, err := h.address(env, path)
	if err != nil {
		return nil, h.fail("address", err)
	}
	own, err := h.own(env, p)
	if err != nil {
		return nil, h.fail("request", err)
	}
	if extra != nil && extra.Replaces {
		own, address = rest.Without(own, extra), wire.WithoutParams(address, extra.Params)
	}
	return h.exchange.SendFrom(ctx, base, address, own, extra)
}

// Abilities are to make fingerprints, and to read only where the requests are GETs.
func (h *HTTP) Abilities() rest.RequesterAbilities {
	return rest.RequesterAbilities{Safe: h.method == http.MethodGet, Fingerprint: h.fingerprint, Seal: h.client.Seal, Unseal: h.exchange.Unseal}
}

// fail is the error of a part of the request that can not be made.
func (h *HTTP) fail(part string, err error) error {
	return &tap.Error{Kind: tap.KindOf(rest.TemplateError(err)), Message: h.client.Redactor().Text(fmt.Sprintf("%s: %v", part, err)), Err: nil}
}

// variables are those of templates.
func (h *HTTP) variables(p *rest.PageRequest) *jinja.Env {
	if p == nil || p.Env == nil {
		return h.env
	}
	return p.Env
}

// baseOf is url_base, or url where there is none. As in the reference runtime both are evaluated,
// so an error in the one that is not used counts.
func (h *HTTP) baseOf(env *jinja.Env) (string, error) {
	address, err := text(h.url, env)
	if err != nil {
		return "", err
	}
	base, err := text(h.base, env)
	if err != nil {
		return "", err
	}
	return cmp.Or(base, address), nil
}

// address joins base and path. A path that is not empty replaces the manifest's. Without a base the
// manifest's path is the base.
func (h *HTTP) address(env *jinja.Env, path string) (base, address string, err error) {
	if base, err = h.baseOf(env); err != nil {
		return "", "", err
	}
	own := ""
	if path == "" || base == "" {
		if own, err = text(h.path, env); err != nil {
			return "", "", err
		}
	}
	if path == "" {
		path = strings.TrimLeft(own, "/")
	}
	return cmp.Or(base, own), wire.Join(base, path), nil
}

func text(t *jinja.String, env *jinja.Env) (string, error) {
	if t == nil {
		return "", nil
	}
	return t.Text(env)
}

// own evaluates the parts of the request that the manifest sets.
func (h *HTTP) own(env *jinja.Env, p *rest.PageRequest) (*rest.Parts, error) {
	o := &rest.Parts{}
	var err error
	if o.Params, _, _, err = h.params.eval(env); err != nil {
		return nil, fmt.Errorf("request_parameters: %w", err)
	}
	headers, _, isText, err := h.headers.eval(env)
	if err == nil && isText {
		err = fmt.Errorf("one text, expected a map")
	}
	if err != nil {
		return nil, fmt.Errorf("request_headers: %w", err)
	}
	o.Headers = headers
	if h.properties != "" {
		if p == nil || p.Properties == nil {
			return nil, fmt.Errorf("request_parameters: %s is a QueryProperties, but the request asks for no properties", h.properties)
		}
		params := value.NewDict(1)
		if o.Params != nil {
			params = o.Params.Clone()
		}
		params.Set(h.properties, strings.Join(p.Properties, ","))
		o.Params = params
	}
	return o, h.body.fill(env, o)
}

// fingerprint is a hash of the request for a page, without secrets and without what the
// authenticator adds.
func (h *HTTP) fingerprint(p *rest.PageRequest, extra *rest.Parts) (string, error) {
	env := h.variables(p)
	_, address, err := h.address(env, "")
	if err != nil {
		return "", err
	}
	own, err := h.own(env, p)
	if err != nil {
		return "", err
	}
	all, err := rest.Merge(own, extra)
	if err != nil {
		return "", err
	}
	parts := []string{h.method, address, all.Text}
	for _, d := range []*value.Dict{all.Params, all.Headers, all.Form, all.JSON} {
		part := ""
		if d != nil {
			part = string(value.AppendSorted(nil, d))
		}
		parts = append(parts, part)
	}
	sum := sha256.Sum256([]byte(h.client.Redactor().Text(strings.Join(parts, "\x00"))))
	return hex.EncodeToString(sum[:8]), nil
}
