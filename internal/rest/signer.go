package rest

import (
	"context"
)

// sign lets the authenticator sign one try.
func (x *Exchange) sign(ctx context.Context, c *call) (*Options, error) {
	o := &Options{}
	again, isResigner := x.Auth.(Resigner)
	drafter, isDrafter := x.Auth.(DraftSigner)
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

func (x *Exchange) signDraft(ctx context.Context, c *call, s DraftSigner, o *Options) error {
	draft, err := Merge(c.own, s.Preview(), c.extra)
	if err != nil {
		return err
	}
	r, err := x.build(c.address, draft, nil)
	if err != nil {
		return err
	}
	return s.SignDraft(ctx, o, &r.Request)
}
