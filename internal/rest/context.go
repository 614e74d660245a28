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

type handsOver struct{}

// WithHandover says whether the answers to requests with the context are kept for the same stream,
// which is about to make these requests again: see HandsOver.
func WithHandover(ctx context.Context, keep bool) context.Context {
	return context.WithValue(ctx, handsOver{}, keep)
}

// HandsOver reports whether the answer is kept and given to the next equal request of the stream.
func HandsOver(ctx context.Context) bool { return ctx.Value(handsOver{}) == true }

type withoutRetries struct{}

// WithoutRetries makes requests with the context fail at the first error of the server or of the
// connection: they only try whether the API knows a parameter. A rate limit is waited for all the
// same.
func WithoutRetries(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutRetries{}, true)
}

// AvoidsRetries reports whether a server's error is final: see WithoutRetries.
func AvoidsRetries(ctx context.Context) bool { return ctx.Value(withoutRetries{}) != nil }
