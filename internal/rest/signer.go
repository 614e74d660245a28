package rest

import (
	"context"
	"time"
)

// Resigner is an Authenticator that signs the further tries of a request differently from the first.
type Resigner interface {
	// Resign is called in place of Sign for the tries after the first. o holds what the last try's signature had, but for its
	// headers, which Resign sets anew.
	Resign(ctx context.Context, o *Options) error
}

// DraftSigner is an Authenticator whose signature depends on what is asked: SignDraft is called in place of Sign, for
// each try.
type DraftSigner interface {
	SignDraft(ctx context.Context, o *Options, d Draft) error
	// Preview is what SignDraft may add, with the values of now, so that a collision is found before anything is asked.
	Preview() *Options
}

// Draft is a request before it is signed.
type Draft struct{ r *request }

// Matches reports whether a matcher means the request.
func (d Draft) Matches(m *Matcher) bool { return m.matches(d.r) }

// Address is the request's address without query and user.
func (d Draft) Address() string { return bareURL(d.r.url.String()) }

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
	x.client.redact.addSigned(o)
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
	return s.SignDraft(ctx, o, Draft{r})
}

// Wait sleeps on the run's clock of waits. Unless the wait is short it tells why: at once and every 30 s while it lasts. It returns
// early with ctx's error.
func (c *Client) Wait(ctx context.Context, stream, reason string, d time.Duration) error {
	return c.waitQuietly(ctx, stream, c.redact.Text(reason), d)
}

// Wall is the time on the run's clock of waits, which goes on while the run's own clock may stand still.
func (c *Client) Wall() time.Time { return c.now() }
