package auth

import (
	"context"
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// HeadersDefinition configures an authenticator whose credential is several headers.
//
//	type: HeadersAuthenticator
//	headers:
//	  X-App-Id: "{{ config['app_id'] }}"
//	  X-App-Key: "{{ config['app_key'] }}"
type HeadersDefinition struct {
	Headers *jinja.Mapping `manifest:"headers,required" doc:"The headers. All their values count as secret."`
}

// BuildHeaders builds a HeadersAuthenticator.
func BuildHeaders(c *manifest.Compiler, n *manifest.Node) (*Headers, error) {
	var def HeadersDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &Headers{headers: def.Headers, run: runOf(c)}, nil
}

// Headers sends a credential that is several headers.
type Headers struct {
	headers *jinja.Mapping
	run     *run
}

var _ rest.Authenticator = (*Headers)(nil)

// Sign adds the headers.
func (h *Headers) Sign(_ context.Context, o *rest.Parts) error {
	headers, err := h.headers.Eval(h.run.env)
	if err != nil {
		return fmt.Errorf("headers: %w", err)
	}
	for name, v := range headers.AllKeys() {
		if v != nil {
			setHeader(o, value.Str(name), value.Str(v))
		}
	}
	return nil
}

// Refresh returns rest.ErrNoRefresh.
func (*Headers) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are none.
func (*Headers) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }
