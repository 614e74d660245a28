package rest

import (
	"context"
	"errors"
)

// Authenticator signs requests.
type Authenticator interface {
	// Sign adds headers, parameters or body fields to the options; it may fetch or refresh a token first.
	// It is called for each try. Errors never hold secrets.
	Sign(ctx context.Context, o *Parts) error
	// Refresh forces a new token after the API refused the present one (REFRESH_TOKEN_THEN_RETRY). It
	// returns ErrNoRefresh where there is nothing to refresh. An error of kind Config means that
	// the credentials themselves were refused; any other may pass.
	Refresh(ctx context.Context) error
}

// ErrNoRefresh is returned by the Refresh of an authenticator that has nothing to refresh.
var ErrNoRefresh = errors.New("the authenticator has no token to refresh")

// Observer is an Authenticator that wants to see what came of the requests it signed (a quota per
// token). It is called for each answer that the API gave; signed is what its Sign had added.
type Observer interface {
	Observe(signed *Parts, a *Answer)
}

// Rotator is an Authenticator with several credentials: Spare says whether a request signed now would use another
// one than signed did, so that a rate limit need not be waited for.
type Rotator interface {
	Spare(signed *Parts) bool
}

// Resigner is an Authenticator that signs the further tries of a request differently from the first.
type Resigner interface {
	// Resign is called in place of Sign for the tries after the first. o holds what the last try's signature had, but for its
	// headers, which Resign sets anew.
	Resign(ctx context.Context, o *Parts) error
}

// DraftSigner is an Authenticator whose signature depends on what is asked: SignDraft is called in place of Sign, for
// each try.
type DraftSigner interface {
	// SignDraft adds to the options; draft is the request with what Preview gave in place of the signature.
	SignDraft(ctx context.Context, o *Parts, draft *Request) error
	// Preview is what SignDraft may add, with the values of now, so that a collision is found before anything is asked.
	Preview() *Parts
}

// Identified is an Authenticator that can say who it is without fetching a token: the same text in every run with the same
// credentials; empty: it can not say. It is only used hashed.
type Identified interface {
	Identity() string
}
