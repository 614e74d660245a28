package paging_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// byNumber counts pages (from 1) or offsets.
type byNumber struct {
	kind state.Kind
	size int64
}

func (n byNumber) First() (any, error) {
	if n.kind == state.Page {
		return int64(1), nil
	}
	return int64(0), nil
}

func (n byNumber) Inject(o *rest.Parts, p *rest.PageRequest) error {
	size := n.size
	if p.PageSize > 0 {
		size = int64(p.PageSize)
	}
	if err := rest.FieldOption(rest.InParameter, "limit").Inject(o, size); err != nil {
		return err
	}
	return rest.FieldOption(rest.InParameter, string(n.kind)).Inject(o, p.Token)
}

func (byNumber) Path(*rest.PageRequest) (string, error) { return "", nil }

func (n byNumber) Next(r *rest.Response, size int, _ *value.Dict, p *rest.PageRequest) (any, error) {
	if r.Extracted == 0 || int64(r.Extracted) < n.size && p.PageSize == 0 {
		return nil, nil
	}
	if n.kind == state.Page {
		return n.counting().After(p.Token), nil
	}
	return p.Token.(int64) + int64(r.Extracted), nil
}

func (n byNumber) PageSize() (int, error) { return int(n.size), nil }

func (n byNumber) Kind() state.Kind { return n.kind }

func (n byNumber) Abilities() rest.PaginatorAbilities {
	return rest.PaginatorAbilities{Counts: n.counting()}
}

func (n byNumber) counting() *rest.Counting {
	if n.kind == state.Page {
		return &rest.Counting{Start: 1, Step: 1}
	}
	return &rest.Counting{Step: n.size}
}

// byCursor follows `next` or `next_url`.
type byCursor struct{ kind state.Kind }

func (byCursor) First() (any, error) { return nil, nil }

func (c byCursor) Inject(o *rest.Parts, p *rest.PageRequest) error {
	if p.Token == nil || c.kind == state.NextURL {
		return nil
	}
	return rest.FieldOption(rest.InParameter, "cursor").Inject(o, p.Token)
}

func (c byCursor) Path(p *rest.PageRequest) (string, error) {
	if c.kind == state.NextURL && p.Token != nil {
		return value.Str(p.Token), nil
	}
	return "", nil
}

func (c byCursor) Next(r *rest.Response, _ int, _ *value.Dict, _ *rest.PageRequest) (any, error) {
	body, err := r.Value()
	if err != nil {
		return nil, err
	}
	name := "next"
	if c.kind == state.NextURL {
		name = "next_url"
	}
	next, _ := value.At(body, name)
	return next, nil
}

func (byCursor) PageSize() (int, error) { return 0, nil }

func (c byCursor) Kind() state.Kind { return c.kind }

func (byCursor) Abilities() rest.PaginatorAbilities { return rest.PaginatorAbilities{} }

// pageNumbers, offsets, cursors and addresses are the kinds of pagination over pages of two
// records.
var paginators = map[string]rest.Paginator{
	"page":   byNumber{kind: state.Page, size: 2},
	"offset": byNumber{kind: state.Offset, size: 2},
	"cursor": byCursor{kind: state.Opaque},
	"url":    byCursor{kind: state.NextURL},
}

// pagesFor are the kinds of pagination of all tests.
var pagesFor = []string{"page", "offset", "cursor", "url"}

// bench is a page loop over a listing, with a clock that does not wait and a log that is kept.
type bench struct {
	*paging.Loop
	log   *logLines
	clock *resttest.Clock
}

func newBench(l rest.Requester, s rest.Selector, p rest.Paginator) *bench {
	b := &bench{log: &logLines{}, clock: resttest.NewClock()}
	b.Loop = &paging.Loop{
		Runtime: &rest.Runtime{
			Config: value.NewDict(0),
			Clock:  b.clock,
			Log:    slog.New(slog.NewTextHandler(b.log, nil)),
		},
		Stream: "items", PrimaryKey: [][]string{{"id"}}, Requester: l, Selector: s, Paginator: p,
	}
	return b
}

// read reads one empty slice from a position.
func (b *bench) read(t *testing.T, from *state.Position) (ids []string, err error) {
	t.Helper()
	return resttest.IDs(b.Open(nil).Pages(t.Context(), &tap.Slice{Partition: value.NewDict(0), Window: value.NewDict(0), Resume: from}))
}

// pages reads a slice and keeps its pages.
func (b *bench) pages(t *testing.T, s *tap.Slice) (pages []tap.Page, err error) {
	t.Helper()
	for page, pageErr := range b.Open(nil).Pages(t.Context(), s) {
		if pageErr != nil {
			return pages, pageErr
		}
		pages = append(pages, page)
	}
	return pages, nil
}

type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func idText(from, to int) string {
	var ids []string
	for i := from; i <= to; i++ {
		ids = append(ids, value.Str(int64(i)))
	}
	return strings.Join(ids, " ")
}

// at is a path in an answer.
func at(text string) value.Path {
	path, err := value.ParsePath(text)
	if err != nil {
		panic(err)
	}
	return path
}
