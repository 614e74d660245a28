package auth

import (
	"context"
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// source gives the credential that a request carries.
type source interface {
	// token is the credential as text. Errors hold no secrets.
	token(ctx context.Context) (string, error)
	// costly says that every use of the token asks for another one.
	costly() bool
}

// written is a credential that the manifest writes as a template of the configuration.
type written struct {
	template *jinja.String // nil: empty
	env      *jinja.Env
	field    string
}

func (w *written) token(context.Context) (string, error) {
	text, err := textOf(w.template, w.env)
	if err != nil {
		return "", fmt.Errorf("%s: %w", w.field, err)
	}
	return text, nil
}

func (*written) costly() bool { return false }

// How often the reference runtime asks for the header of a request's first try and of each further one.
const (
	firstTry   = 2
	furtherTry = 1
)

// use takes a token as often as the reference runtime does; all but the last are thrown away.
func use(ctx context.Context, s source, times int) (text string, err error) {
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

// setHeader writes a header.
func setHeader(o *rest.Parts, name, text string) {
	if o.Headers == nil {
		o.Headers = value.NewDict(1)
	}
	o.Headers.Set(name, text)
}

const authorization = "Authorization"
