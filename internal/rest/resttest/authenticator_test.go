package resttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/value"
)

// faults are what is wrong with a signer.
type faults struct {
	unsigned, onlyOnce, shares, configures, tires, leaks, waits, silent, stale, sulks bool
}

// signer is an authenticator that asks for a token, with faults.
type signer struct {
	faults

	rt      *rest.Runtime
	x       *exchange.Endpoint
	headers *value.Dict

	mu    sync.Mutex
	token string
	signs int
	sulky bool
}

func newSigner(f faults, rt *rest.Runtime, client *exchange.Client) *signer {
	if !f.leaks {
		client.Redactor().Add("hush-hush")
	}
	x := client.NewEndpoint(exchange.Setup{Method: http.MethodPost, NoStore: true})
	return &signer{faults: f, rt: rt, x: x, headers: value.NewDict(1)}
}

func (s *signer) Sign(ctx context.Context, o *rest.Parts) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.signs++; s.tires && s.signs > 20 {
		return errors.New("signed too often")
	}
	if s.token == "" {
		if err := s.fetch(ctx); err != nil {
			return err
		}
	}
	if s.configures {
		s.rt.Config.Set("token", s.token)
	}
	if s.unsigned || s.onlyOnce && s.signs > 1 {
		return nil
	}
	o.Headers = s.headers
	if !s.shares {
		o.Headers = value.NewDict(1)
	}
	o.Headers.Set("X-Token", s.token)
	return nil
}

// fetch asks for a token; mu is held.
func (s *signer) fetch(ctx context.Context) error {
	if s.waits {
		ctx = context.WithoutCancel(ctx)
	}
	resp, err := s.x.Send(ctx, "https://api.test/token", &rest.Parts{Text: "hush-hush"}, nil)
	if err != nil {
		return err
	}
	body, err := resp.Bytes()
	if err != nil {
		return err
	}
	s.token = string(body)
	return nil
}

func (*signer) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

func (s *signer) Refresh(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.silent:
		return rest.ErrNoRefresh
	case s.stale:
		return nil
	case s.sulky:
		return errors.New("refused before")
	}
	err := s.fetch(ctx)
	s.sulky = s.sulks && err != nil
	return err
}

// TestAuthenticatorChecksFail tries each check on an authenticator that is right and on one that
// breaks just that rule.
func TestAuthenticatorChecksFail(t *testing.T) {
	for name, test := range map[string]struct {
		faults faults
		fails  string // the check that must fail; empty: none may
	}{
		"right":                            {faults{}, ""},
		"does not sign":                    {faults{unsigned: true}, "signs each request and leaves its parts alone"},
		"changes the configuration":        {faults{configures: true}, "signs each request and leaves its parts alone"},
		"signs the first try only":         {faults{onlyOnce: true}, "signs each try"},
		"shares a header":                  {faults{shares: true}, "shares nothing between signatures"},
		"fails under load":                 {faults{tires: true}, "is used by many requests at once"},
		"tells a secret":                   {faults{leaks: true}, "errors and logs hold no secret"},
		"goes on waiting":                  {faults{waits: true}, "waiting ends when it is cancelled"},
		"does not say that it can refresh": {faults{silent: true}, "refreshes, or says that it can not"},
		"keeps its token":                  {faults{stale: true}, "refreshes, or says that it can not"},
		"never refreshes after a failure":  {faults{sulks: true}, "a refresh that fails can be repeated"},
	} {
		t.Run(name, func(t *testing.T) {
			c := AuthenticatorCase{
				Tokens:     func(n int, _ Request) Answer { return Answer{Body: fmt.Sprintf("token-%d-secret", n)} },
				Credential: func(r Request) string { return r.Header.Get("X-Token") },
				Secrets:    []string{"hush-hush"},
				Refreshes:  true,
			}
			if test.faults.waits {
				c.patience = 10 * time.Millisecond
			}
			c.Build = func(_ testing.TB, rt *rest.Runtime, client *exchange.Client) rest.Authenticator {
				return newSigner(test.faults, rt, client)
			}
			tryChecks(t, authenticatorChecks, test.fails, func() AuthenticatorCase { return c })
		})
	}
}
