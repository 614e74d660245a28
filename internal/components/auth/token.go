package auth

import (
	"context"
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// tokenSource gives the credential that a request carries.
type tokenSource interface {
	// token is the credential as text. Errors hold no secrets.
	token(ctx context.Context) (string, error)
	// costly reports whether each call of token sends a request for a new one.
	costly() bool
}

// templateToken is a credential that is a template of the configuration.
type templateToken struct {
	template *jinja.String // nil: empty
	env      *jinja.Env
	field    string // the template's, for errors
}

func (t *templateToken) token(context.Context) (string, error) {
	text, err := textOf(t.template, t.env)
	if err != nil {
		return "", fmt.Errorf("%s: %w", t.field, err)
	}
	return text, nil
}

func (*templateToken) costly() bool { return false }

// How often the reference runtime asks an authenticator for its header: for a request's first try,
// and for each further one.
const (
	firstTry   = 2
	furtherTry = 1
)

// use takes a token as often as the reference runtime does, and returns the last.
func use(ctx context.Context, s tokenSource, times int) (text string, err error) {
	if !s.costly() {
		times = 1
	}
	for range times {
		if text, err = s.token(ctx); err != nil {
			return "", err
		}
	}
	return text, nil
}

// setHeader sets a header of a request.
func setHeader(o *rest.Parts, name, text string) {
	if o.Headers == nil {
		o.Headers = value.NewDict(1)
	}
	o.Headers.Set(name, text)
}

const authorization = "Authorization"
