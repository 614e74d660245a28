package tap

import "context"

// goingOn is the key of a context in which a stream is prepared for a read that goes on from a
// state.
type goingOn struct{}

// WithGoingOn says that the read which is prepared goes on from a state. It begins elsewhere than
// one that knows nothing, and asks for other pages than a look at the beginning of the stream does.
func WithGoingOn(ctx context.Context) context.Context {
	return context.WithValue(ctx, goingOn{}, true)
}

// GoingOn reports whether WithGoingOn said so.
func GoingOn(ctx context.Context) bool { return ctx.Value(goingOn{}) != nil }
