package paging

import (
	"context"
	"net/http"

	"anytap/internal/rest"
	"anytap/internal/value"
	"anytap/state"
)

// peeks counts the looks at a slice's answers, and those that told the next page.
type peeks struct{ tried, told int }

// canPeek reports whether the next page may be asked for while this one is still coming in.
func (w *walk) canPeek() bool {
	a := w.ahead
	if !w.can.Peeks || w.kind != state.Opaque && w.kind != state.NextURL || w.most() < 2 || w.Settings.Credits != nil {
		return false
	}
	if a.astray || a.tried > 1 && a.told == 0 || !w.orderly() || w.Shrink != nil || w.seek.active || w.tracker.reset.Limited {
		return false
	}
	a.tried++
	return true
}

// withPeek makes ctx ask for a look at the answer to p. tell is called, by the goroutine that sends, once the next page is known.
func (w *walk) withPeek(ctx context.Context, p *rest.PageRequest, tell func(next any)) context.Context {
	look := &rest.Peek{}
	for _, path := range w.can.Reads.Paths {
		look.Members = append(look.Members, path[0])
	}
	look.Tell = func(h http.Header, head *value.Dict) {
		r := rest.NewResponse(http.StatusOK, h, "", nil)
		r.Value = func() (any, error) { return head, nil }
		if next, err := w.paginator.Next(r, 0, nil, p); err == nil && value.Truth(next) {
			tell(value.Own(next))
		}
	}
	return rest.WithPeek(ctx, look)
}

// askEarly asks for the next page while this one is still coming in.
func (w *walk) askEarly(next any) {
	w.ahead.told++
	if len(w.ahead.flights) == 0 && w.ahead.room(1, w.most()) {
		w.launch(next)
	}
}
