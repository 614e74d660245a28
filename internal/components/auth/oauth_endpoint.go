package auth

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// endpoint asks a token endpoint for access tokens.
type endpoint struct {
	run                     *run
	request                 *grantRequest
	accessName, expiresName field
	isDate                  bool // the field of expiresName holds a date and time
	// refreshing is held during a request for a token. All authenticators of a run share it: if two
	// used one refresh token at the same time, both could lose it.
	refreshing lock
	// quiet asks because a token has expired. forced asks because the API refused the token; if the
	// endpoint refuses this request, the credentials are wrong.
	quiet, forced *exchange.Endpoint
}

func newEndpoint(r *run, refused refusals, isDate bool, refreshing lock) *endpoint {
	setup := exchange.Setup{Stream: r.stream, Method: http.MethodPost, NoStore: true, NoBudget: true}
	e := &endpoint{run: r, isDate: isDate, refreshing: refreshing}
	setup.Handler = tokenJudge{refused, tap.System, r.client.TokenRetries()}
	e.quiet = r.client.NewEndpoint(setup)
	setup.Handler = tokenJudge{refused, tap.Config, r.client.TokenRetries()}
	e.forced = r.client.NewEndpoint(setup)
	return e
}

// ask sends a request and returns the JSON of its answer.
func (e *endpoint) ask(ctx context.Context, address string, forced bool) (any, error) {
	o, err := e.request.options()
	if err != nil {
		return nil, err
	}
	e.hide(o)
	x := e.quiet
	if forced {
		x = e.forced
	}
	resp, err := x.Send(ctx, address, o, nil)
	if err != nil {
		return nil, err
	}
	body, err := resp.Bytes()
	if err != nil {
		return nil, tap.Errorf(tap.System, "answer of the token endpoint: %w", err)
	}
	answer, err := value.DecodePython(body)
	if err != nil {
		return nil, tap.Errorf(tap.System, "the answer of the token endpoint is no JSON")
	}
	return answer, nil
}

// hide makes the secrets of a request known to the redactor.
func (e *endpoint) hide(o *rest.Parts) {
	for _, f := range []field{e.request.clientSecret, e.request.refreshToken} {
		if v, err := f(); err == nil {
			e.secret(v)
		}
	}
	if v, ok := o.Headers.Get(authorization); ok {
		e.secret(v)
	}
	if o.Form != nil {
		if v, ok := o.Form.Get("assertion"); ok {
			e.secret(v)
		}
	}
}

// secret makes a token known to the redactor.
func (e *endpoint) secret(token any) {
	if value.Truth(token) {
		e.run.client.Redactor().Add(value.Str(token))
	}
}

// refusals describe the answers by which a token endpoint refuses a refresh token: they have one of
// the statuses, and one of the texts at the key.
type refusals struct {
	statuses []int64
	key      string
	texts    []string
}

func (r refusals) given() bool { return len(r.statuses) > 0 || r.key != "" || len(r.texts) > 0 }

func (r refusals) match(a *rest.Answer) bool {
	if !slices.Contains(r.statuses, int64(a.Status)) {
		return false
	}
	v, _ := a.JSON()
	d, ok := v.(*value.Dict)
	if !ok {
		return false
	}
	got, _ := d.Get(r.key)
	return slices.ContainsFunc(r.texts, func(text string) bool { return got == text })
}

// tokenJudge judges the answers of a token endpoint.
type tokenJudge struct {
	refused refusals
	kind    tap.Kind // of the error of any other answer that is no success
	retries int
}

var _ rest.ErrorHandler = tokenJudge{}

const authenticateAnew = "the refresh token is not accepted: it is invalid, expired or was used already; authenticate this source anew"

// Judge retries what may pass: a connection that fails, a rate limit, an error of the server.
func (j tokenJudge) Judge(a *rest.Answer) (rest.Verdict, error) {
	if a.Err != nil {
		fault, _ := errors.AsType[*rest.Fault](a.Err)
		if fault != nil && (fault.Kind == rest.NoAnswer || fault.Kind == rest.Unreachable || fault.Kind == rest.TimedOut) {
			return rest.Verdict{Action: rest.Retry, Kind: tap.Transient}, nil
		}
		if fault != nil && fault.Kind == rest.OutOfReach {
			return rest.DefaultVerdict(a), nil
		}
		return rest.Verdict{Action: rest.Fail, Kind: tap.System}, nil
	}
	switch {
	case a.OK():
		return rest.Verdict{Action: rest.Success}, nil
	case a.Status == http.StatusTooManyRequests || a.Status >= http.StatusInternalServerError:
		return rest.Verdict{Action: rest.Retry, Kind: tap.Transient}, nil
	case j.refused.match(a):
		return rest.Verdict{Action: rest.Fail, Kind: tap.Config, Message: authenticateAnew}, nil
	}
	return rest.Verdict{Action: rest.Fail, Kind: j.kind}, nil
}

// Backoff leaves the wait to the exchange.
func (tokenJudge) Backoff(*rest.Answer, int) (time.Duration, error) { return 0, nil }

// MaxRetries is what the configuration sets. In a manifest without it, only MaxTime is a limit.
func (j tokenJudge) MaxRetries() (most int, set bool) { return j.retries, true }

// MaxTime is the reference runtime's.
func (tokenJudge) MaxTime() time.Duration { return 5 * time.Minute }
