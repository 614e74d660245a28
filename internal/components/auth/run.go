package auth

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
)

// run is what an authenticator needs of the run that it is built for.
type run struct {
	client *exchange.Client
	env    *jinja.Env // holds the configuration
	now    func() time.Time
	log    *slog.Logger
	stream string
}

func runOf(c *manifest.Compiler) *run {
	scope, _ := manifest.Scoped[contract.Scope](c)
	r := &run{client: contract.Client(c), env: c.ConfigEnv(), now: c.Now, log: c.Logger(), stream: scope.Stream}
	if r.now == nil {
		r.now = time.Now
	}
	return r
}

// service finds what all authenticators of a run share. The first of them makes it.
func service[T any](c *manifest.Compiler, make func() T) T {
	v, ok := manifest.Service[T](c)
	if !ok {
		v = make()
		manifest.Provide(c, v)
	}
	return v
}

// logIn sends the request of a login, and returns its answer.
func (r *run) logIn(ctx context.Context, login rest.Requester) (*rest.Response, error) {
	p := &rest.PageRequest{
		Slice: tap.NewSlice(nil, nil, nil),
		Env:   r.env.Child().Set("stream_slice", nil).Set("next_page_token", nil),
	}
	resp, err := login.Send(ctx, p, "", nil)
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	if resp == nil {
		return nil, tap.Errorf(tap.System, "log in: the answer was ignored, so there is no token")
	}
	return resp, nil
}

// lock is a mutex whose waiters can be cancelled.
type lock chan struct{}

func newLock() lock { return make(lock, 1) }

func (l lock) take(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lock) free() { <-l }

// textOf evaluates a template to text; a nil template is empty text.
func textOf(t *jinja.String, env *jinja.Env) (string, error) {
	if t == nil {
		return "", nil
	}
	return t.Text(env)
}
