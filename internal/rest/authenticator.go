package rest

import (
	"context"
	"errors"
)

// Authenticator signs requests. It is used by many goroutines at once.
type Authenticator interface {
	// Sign adds headers, parameters or body fields to a request; it may fetch or refresh a token
	// first. It is called for each try. Errors never hold secrets.
	Sign(ctx context.Context, o *Parts) error
	// Refresh forces a new token after the API refused the present one (REFRESH_TOKEN_THEN_RETRY).
	// It returns ErrNoRefresh where there is nothing to refresh. An error of kind Config means that
	// the credentials themselves were refused; any other may pass.
	Refresh(ctx context.Context) error
	// Abilities say what else the authenticator can do. They are asked for once, when an endpoint
	// is made.
	Abilities() AuthenticatorAbilities
}

// ErrNoRefresh is returned by the Refresh of an authenticator that has nothing to refresh.
var ErrNoRefresh = errors.New("the authenticator has no token to refresh")

// AuthenticatorAbilities are what an Authenticator can do beyond what every Authenticator must. A
// nil function means that it can not.
type AuthenticatorAbilities struct {
	// Resign signs the tries after the first in place of Sign. o holds what the last try's
	// signature had, but for its headers, which Resign sets anew.
	Resign func(ctx context.Context, o *Parts) error
	// SignDraft signs in place of Sign and Resign where the signature depends on what is asked.
	// draft is the request with what Preview gives in place of the signature.
	SignDraft func(ctx context.Context, o *Parts, draft *Request) error
	// Preview is what SignDraft may add, with the values of now, so that a collision is found
	// before anything is asked. It is set together with SignDraft.
	Preview func() *Parts
	// Observe is told of each answer that the API gave (for a quota per token); signed is what the
	// signature had added.
	Observe func(signed *Parts, a *Answer)
	// Spare says whether a request signed now would use another credential than signed did, so that
	// a rate limit need not be waited for.
	Spare func(signed *Parts) bool
}
