package rest

import "context"

type withoutCaches struct{}

// WithoutCaches makes requests below go to the API although an answer was kept: what was kept is known to be of the past.
func WithoutCaches(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutCaches{}, true)
}

// AvoidsCaches reports whether the answer must come from the API: see WithoutCaches.
func AvoidsCaches(ctx context.Context) bool { return ctx.Value(withoutCaches{}) != nil }
