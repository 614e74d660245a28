package paging_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// headCursor finds `next` in the body, or in a header.
type headCursor struct {
	byCursor
	header bool
	size   bool // it asks for the number of records as well
}

func (c headCursor) Next(r *rest.Response, size int, last *value.Dict, p *rest.PageRequest) (any, error) {
	if c.header {
		return r.Header.Get("Next"), nil
	}
	return c.byCursor.Next(r, size, last, p)
}

func (c headCursor) Abilities() rest.PaginatorAbilities {
	can := rest.PaginatorAbilities{Peeks: !c.size}
	if !c.header {
		can.Reads.Paths = [][]string{{"next"}, {"more", "yes"}}
	}
	return can
}

// over asks an exchange.
type over struct {
	*exchange.Endpoint
	address string
}

func (o over) Send(ctx context.Context, _ *rest.PageRequest, _ string, extra *rest.Parts) (*rest.Response, error) {
	return o.Endpoint.Send(ctx, o.address, nil, extra)
}
func (over) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{Safe: true} }

// TestNextPageIsAskedForBeforeThisOneIsThere holds back the end of each page until the next one is
// asked for, where that is possible.
func TestNextPageIsAskedForBeforeThisOneIsThere(t *testing.T) {
	t.Parallel()
	tests := map[string]splitAnswer{
		"before the records": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(` {"next": %s, "more": {"yes": 1}, "data": [{"id": %d},`, next, n), fmt.Sprintf(`{"id": %d0}]}`, n)
		}, ahead: true},
		"in a header": {p: headCursor{header: true}, page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"data": [{"id": %d},`, n), fmt.Sprintf(`{"id": %d0}]}`, n)
		}, ahead: true},
		"not all of it": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"next": %s, "data": [{"id": %d},`, next, n), fmt.Sprintf(`{"id": %d0}], "more": {"yes": 1}}`, n)
		}},
		"behind the records": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"data": [{"id": %d},`, n), fmt.Sprintf(`{"id": %d0}], "next": %s, "more": {"yes": 1}}`, n, next)
		}},
		"the number of records counts": {p: headCursor{size: true}, page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"next": %s, "more": {}, "data": [{"id": %d},`, next, n), fmt.Sprintf(`{"id": %d0}]}`, n)
		}},
		"a number that is cut": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"next": %s, "more": 1`, next), fmt.Sprintf(`2, "data": [{"id": %d}, {"id": %d0}]}`, n, n)
		}},
		"no slot to spare": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"next": %s, "more": {}, "data": [{"id": %d},`, next, n), fmt.Sprintf(`{"id": %d0}]}`, n)
		}, slots: 1},
		"a cursor that is not the one": {page: func(n int, next string) (string, string) {
			return fmt.Sprintf(`{"next": "c77", "more": {}, "data": [{"id": %d},`, n), fmt.Sprintf(`{"id": %d0}], "next": %s}`, n, next)
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

// splitAnswer is an API whose pages come in two parts.
type splitAnswer struct {
	p     headCursor
	page  func(n int, next string) (head, tail string)
	ahead bool // the next page is asked for between them
	slots int  // 0: four
}

const splitPages = 4

func (test splitAnswer) run(t *testing.T) {
	server := httptest.NewServer(test.serve(t, newAsked(splitPages+2)))
	defer server.Close()
	client := exchange.NewClient(resttest.Runtime(exchange.NewTransport(), resttest.NewClock()))
	defer func() { _ = client.Close() }()
	test.p.kind = state.Opaque
	b := newBench(over{client.NewEndpoint(exchange.Setup{}), server.URL}, &resttest.Data{}, test.p)
	slots := tap.NewSlots(cmp.Or(test.slots, 4))
	ids, err := resttest.IDs(b.Open(nil).Pages(tap.WithSlots(t.Context(), slots), tap.NewSlice(nil, nil, nil)))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for n := 1; n <= splitPages; n++ {
		want = append(want, fmt.Sprint(n), fmt.Sprintf("%d0", n))
	}
	resttest.WantIDs(t, ids, strings.Join(want, " "))
}

func (test splitAnswer) serve(t *testing.T, asked *asked) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := 1
		if c := r.FormValue("cursor"); c != "" {
			_, _ = fmt.Sscanf(c, "c%d", &n)
		}
		if n > splitPages {
			http.Error(w, "no such page", http.StatusNotFound)
			return
		}
		asked.note(n)
		next := "null"
		if n < splitPages {
			next = fmt.Sprintf(`"c%d"`, n+1)
			w.Header().Set("Next", fmt.Sprintf("c%d", n+1))
		}
		head, tail := test.page(n, next)
		_, _ = w.Write([]byte(head))
		_ = http.NewResponseController(w).Flush()
		if test.ahead && n < splitPages && !asked.wait(n+1) {
			t.Errorf("page %d was not asked for while page %d came in", n+1, n)
		}
		if !test.ahead && asked.ahead(n+1) {
			t.Errorf("page %d was asked for before page %d was there", n+1, n)
		}
		_, _ = w.Write([]byte(tail))
	}
}

// asked are the pages that were asked for.
type asked struct {
	mu    sync.Mutex
	pages []chan struct{}
	times []int
}

func newAsked(n int) *asked {
	a := &asked{times: make([]int, n+1)}
	for range n + 1 {
		a.pages = append(a.pages, make(chan struct{}))
	}
	return a
}

func (a *asked) note(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.times[n]++; a.times[n] == 1 {
		close(a.pages[n])
	}
}

func (a *asked) wait(n int) bool {
	select {
	case <-a.pages[n]:
		return true
	case <-time.After(5 * time.Second):
		return false
	}
}

// ahead reports whether the page is asked for soon.
func (a *asked) ahead(n int) bool {
	select {
	case <-a.pages[n]:
		return true
	case <-time.After(20 * time.Millisecond):
		return false
	}
}
