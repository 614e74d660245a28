package exchange

import (
	"context"
	"errors"

	"anytap/internal/rest"
	"anytap/internal/tap"
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
		return nil, notThisAnswer(err)
	}
	c.signed = o
	x.client.learn(o)
	return o, nil
}

// notThisAnswer is an error of an authenticator, without what its own request was answered: whoever
// asked for a page would take a refused token for a page that is refused, and so for the end of a
// list, a position that is too old, or a stream that there is not.
func notThisAnswer(err error) error {
	if _, ok := errors.AsType[tap.Refused](err); !ok {
		return err
	}
	return &tap.Error{Kind: tap.KindOf(err), Message: err.Error()}
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
