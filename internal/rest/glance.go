package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"anytap/internal/rawjson"
	"anytap/internal/value"
	"anytap/state"
)

// Early is a Paginator that may find the next page before the records of this one are there.
type Early interface {
	Reader
	// Early reports whether Next wants nothing but headers, and of the body the paths of Reads.
	Early() bool
}

// glance looks at an answer while it comes in: at its headers, and at those members of its JSON that stand before the records.
type glance struct {
	members []string // that are wanted, all of them
	tell    func(http.Header, *value.Dict)
	done    bool
	head    []byte
}

// mostGlanced is how much of a body is looked at; what stands before the records is short.
const mostGlanced = 16 << 10

type glanceKey struct{}

// through lets a glance see an accepted answer's body as it is read, where ctx asks for one.
func (x *Exchange) through(ctx context.Context, resp *http.Response, body io.ReadCloser) io.ReadCloser {
	g, _ := ctx.Value(glanceKey{}).(*glance)
	if g == nil || g.done || x.NoStore || resp.StatusCode >= http.StatusBadRequest {
		return body
	}
	g.head = g.head[:0]
	if g.look(resp.Header); g.done {
		return body
	}
	return &glanced{body, g, resp.Header}
}

type glanced struct {
	io.ReadCloser
	g      *glance
	header http.Header
}

func (b *glanced) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if g := b.g; n > 0 && !g.done {
		g.head = append(g.head, p[:min(n, mostGlanced-len(g.head))]...)
		g.look(b.header)
	}
	return n, err
}

// look tells once all that is wanted is there, and gives up after enough.
func (g *glance) look(h http.Header) {
	seen := value.NewDict(len(g.members))
	left := len(g.members)
	_ = rawjson.Members(g.head[skipBlank(g.head):], func(key, val []byte) bool {
		if whole := &val[len(val)-1] != &g.head[len(g.head)-1]; !whole {
			return false
		}
		for _, name := range g.members {
			if rawjson.KeyIs(key, name) {
				if _, twice := seen.Get(name); !twice {
					left--
				}
				seen.Set(name, value.DecodeRaw(bytes.Clone(val)))
			}
		}
		return left > 0
	})
	if left == 0 {
		g.tell(h, seen)
	}
	g.done = left == 0 || len(g.head) >= mostGlanced
}

func skipBlank(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\r\n")) }

// glances is how the glances at a slice's answers went.
type glances struct{ tried, told int }

// mayGlance reports whether the next page may be asked for while this one is still coming in.
func (w *walk) mayGlance() bool {
	early, ok := w.paginator.(Early)
	a := w.ahead
	if !ok || !early.Early() || w.kind != state.Opaque && w.kind != state.NextURL || w.most() < 2 || w.Options.Credits != nil {
		return false
	}
	if a.astray || a.tried > 1 && a.told == 0 || !w.orderly() || w.Shrink != nil || w.seek.active || w.tracker.reset.Limited {
		return false
	}
	a.tried++
	return true
}

// glancing makes ctx ask for a glance at the answer to p. tell is called, by the goroutine that sends, once the next page is known.
func (w *walk) glancing(ctx context.Context, p *PageRequest, tell func(next any)) context.Context {
	reads := w.paginator.(Early).Reads()
	g := &glance{}
	if reads != nil {
		for _, path := range reads.Paths {
			g.members = append(g.members, path[0])
		}
	}
	g.tell = func(h http.Header, head *value.Dict) {
		r := NewResponse(http.StatusOK, h, "", nil)
		r.Value = func() (any, error) { return head, nil }
		if next, err := w.paginator.Next(r, 0, nil, p); err == nil && value.Truth(next) {
			tell(value.Own(next))
		}
	}
	return context.WithValue(ctx, glanceKey{}, g)
}

// askEarly asks for the next page while this one is still coming in.
func (w *walk) askEarly(next any) {
	w.ahead.told++
	if len(w.ahead.flights) == 0 && w.ahead.room(1, w.most()) {
		w.launch(next)
	}
}
