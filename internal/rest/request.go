package rest

import (
	"context"
	"errors"

	"anytap/internal/jinja"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// PageRequest is what one page is asked for with. Templates and injectors see it.
type PageRequest struct {
	Slice *tap.Slice
	// Token is the page's token as the paginator made it; nil on the first page where there is no
	// first token.
	Token any
	// PageSize overrides the paginator's page size; 0: no override.
	PageSize int
	// Properties are the query properties of this chunk; nil: none.
	Properties []string
	// Keep is the cursor's test whether a record lies inside its bounds; nil: all do.
	Keep func(*tap.Slice, *value.Dict) bool
	// Env holds config, stream_slice (and its aliases) and next_page_token for templates.
	Env *jinja.Env
}

// Injector adds to a request's options: a partition router, a cursor, a paginator's size and token,
// an authenticator. Two injectors that write one key are a collision, reported by Merge.
type Injector interface {
	Inject(*Parts, *PageRequest) error
}

// Requester performs one page's exchange with everything around it: options, signing, limits,
// verdict, retries, cache.
type Requester interface {
	// Send asks for the page. path, if not empty, replaces the requester's own path (a whole
	// address is taken as it is). extra is merged into the requester's own options. A nil Response
	// without an error means that the error handler ignored the answer: no records, no next page.
	// Errors are *tap.Error, or *ActionError where the verdict is for the page loop.
	Send(ctx context.Context, p *PageRequest, path string, extra *Parts) (*Response, error)
	// Abilities say what else the requester can do. They are asked for once a read.
	Abilities() RequesterAbilities
}

// RequesterAbilities are what a Requester can do beyond what every Requester must. The zero value
// is none.
type RequesterAbilities struct {
	// Safe says that requests only read (RFC 9110, section 9.2.1), so that one whose answer is not
	// used does no harm.
	Safe bool
	// Fingerprint is a short hash of a request (method, address, parameters, headers, body) without
	// what is secret; nil: only what is added to it can be told. Positions keep it, so p.Env gives
	// the same in every run (jinja.Env.Still).
	Fingerprint func(p *PageRequest, extra *Parts) (string, error)
	// Seal replaces secrets in a text that is kept in the state, such as a next address, by
	// placeholders that name them; nil: it can hold none.
	Seal func(text string) string
	// Unseal puts secrets back, as they are at present. It may fetch a token first. The error is
	// ErrSecretGone where there is no such secret any more.
	Unseal func(ctx context.Context, text string) (string, error)
}

// ErrSecretGone says that a text held a secret that can not be put back.
var ErrSecretGone = errors.New("it held a secret that this configuration does not have")

// RequestEnv makes the variables of a request's templates: the page token, and the slice's extra
// fields by their own names.
func RequestEnv(env *jinja.Env, s *tap.Slice, token any) *jinja.Env {
	env = env.Child().OfPage().Set("next_page_token", tokenValue(token))
	if s.Extra != nil {
		for name, v := range s.Extra.All() {
			env.Set(name, v)
		}
	}
	return env
}

// tokenValue is what templates know as next_page_token.
func tokenValue(token any) any {
	if token == nil {
		return nil
	}
	d := value.NewDict(1)
	d.Set("next_page_token", token)
	return d
}
