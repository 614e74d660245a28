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
