package rest

import "context"

type withoutCaches struct{}

// WithoutCaches makes requests with the context go to the API even where an answer was kept,
// because kept answers are known to be out of date.
func WithoutCaches(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutCaches{}, true)
}

// AvoidsCaches reports whether the answer must come from the API: see WithoutCaches.
func AvoidsCaches(ctx context.Context) bool { return ctx.Value(withoutCaches{}) != nil }
