package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// Peek looks at an answer while it comes in: at its headers, and at members of its JSON object that
// stand before the records. It serves one request.
type Peek struct {
	// Members are the top-level members that are wanted, all of them.
	Members []string
	// Tell is called at most once, by the goroutine that reads the body, with the headers and the
	// members.
	Tell func(http.Header, *value.Dict)

	done bool
	head []byte
}

// mostPeeked is how many bytes of a body are looked at; what stands before the records is short.
const mostPeeked = 16 << 10

type peekKey struct{}

// WithPeek asks the requester that gets the context to let p look at the answer.
func WithPeek(ctx context.Context, p *Peek) context.Context {
	return context.WithValue(ctx, peekKey{}, p)
}

// PeekOf is the look that the context asks for; nil: none, or it is over.
func PeekOf(ctx context.Context) *Peek {
	p, _ := ctx.Value(peekKey{}).(*Peek)
	if p == nil || p.done {
		return nil
	}
	return p
}

// Through looks at the headers of an accepted answer, and at its body as it is read from the
// result.
func (p *Peek) Through(h http.Header, body io.ReadCloser) io.ReadCloser {
	p.head = p.head[:0]
	if p.look(h); p.done {
		return body
	}
	return &peeked{body, p, h}
}

type peeked struct {
	io.ReadCloser
	peek   *Peek
	header http.Header
}

func (b *peeked) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	if p := b.peek; n > 0 && !p.done {
		p.head = append(p.head, into[:min(n, mostPeeked-len(p.head))]...)
		p.look(b.header)
	}
	return n, err
}

// look tells once all that is wanted is there, and gives up after enough.
func (p *Peek) look(h http.Header) {
	seen := value.NewDict(len(p.Members))
	left := len(p.Members)
	_ = rawjson.Members(p.head[skipBlank(p.head):], func(key, val []byte) bool {
		if whole := &val[len(val)-1] != &p.head[len(p.head)-1]; !whole {
			return false
		}
		for _, name := range p.Members {
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
		p.Tell(h, seen)
	}
	p.done = left == 0 || len(p.head) >= mostPeeked
}

func skipBlank(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\r\n")) }
