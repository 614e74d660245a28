package exchange

import (
	"context"

	"anytap/internal/rest"
)

// sign lets the authenticator sign one try.
func (x *Endpoint) sign(ctx context.Context, c *call) (*rest.Parts, error) {
	o := &rest.Parts{}
	var err error
	switch {
	case x.auth.SignDraft != nil:
		err = x.signDraft(ctx, c, o)
	case x.auth.Resign != nil && c.signed != nil:
		*o = *c.signed
		o.Headers = nil
		err = x.auth.Resign(ctx, o)
	default:
		err = x.Auth.Sign(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	c.signed = o
	x.client.learn(o)
	return o, nil
}

func (x *Endpoint) signDraft(ctx context.Context, c *call, o *rest.Parts) error {
	draft, err := rest.Merge(c.own, x.auth.Preview(), c.extra)
	if err != nil {
		return err
	}
	r, err := x.build(c.address, draft, nil)
	if err != nil {
		return err
	}
	return x.auth.SignDraft(ctx, o, &r.Request)
}
