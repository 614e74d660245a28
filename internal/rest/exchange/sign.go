package exchange

import (
	"context"

	"anytap/internal/rest"
)

// sign lets the authenticator sign one try.
func (x *Endpoint) sign(ctx context.Context, c *call) (*rest.Parts, error) {
	o := &rest.Parts{}
	again, isResigner := x.Auth.(rest.Resigner)
	drafter, isDrafter := x.Auth.(rest.DraftSigner)
	var err error
	switch {
	case isDrafter:
		err = x.signDraft(ctx, c, drafter, o)
	case isResigner && c.signed != nil:
		*o = *c.signed
		o.Headers = nil
		err = again.Resign(ctx, o)
	default:
		err = x.Auth.Sign(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	c.signed = o
	x.client.redact.Add(secretsOf(o)...)
	return o, nil
}

func (x *Endpoint) signDraft(ctx context.Context, c *call, s rest.DraftSigner, o *rest.Parts) error {
	draft, err := rest.Merge(c.own, s.Preview(), c.extra)
	if err != nil {
		return err
	}
	r, err := x.build(c.address, draft, nil)
	if err != nil {
		return err
	}
	return s.SignDraft(ctx, o, &r.Request)
}
