package resttest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Listing is an API with one list, without a network: it takes the parameters page (from 1),
// offset, cursor, limit, or an address with them, and answers {"data": […], "next": cursor,
// "next_url": address, "total": n}. A Link header repeats the address. It is a rest.Requester.
type Listing struct {
	Records []string // JSON objects
	Size    int      // records a page, where no limit is asked for
	// Change may alter an answer, or refuse it: n counts the requests from 1, body is what would be
	// answered.
	Change func(n int, query url.Values, body string) (string, error)

	mu    sync.Mutex
	asked []string
}

// Numbered makes n records {"id": 1}, {"id": 2} …
func Numbered(n int) []string {
	records := make([]string, n)
	for i := range records {
		records[i] = fmt.Sprintf(`{"id": %d}`, i+1)
	}
	return records
}

// Asked lists the requests so far as the text of their query parameters, sorted by name.
func (l *Listing) Asked() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.asked...)
}

// Send answers a request.
func (l *Listing) Send(ctx context.Context, _ *rest.PageRequest, path string, extra *rest.Parts) (*rest.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	query := url.Values{}
	if u, err := url.Parse(path); err == nil {
		query = u.Query()
	}
	if extra != nil && extra.Params != nil {
		for name, v := range extra.Params.All() {
			query.Set(name, value.Str(v))
		}
	}
	l.mu.Lock()
	l.asked = append(l.asked, query.Encode())
	n := len(l.asked)
	l.mu.Unlock()
	body := l.body(query)
	if l.Change != nil {
		var err error
		if body, err = l.Change(n, query, body); err != nil {
			return nil, err
		}
	}
	return rest.NewResponse(200, linkHeader(body), "https://api.test/items", []byte(body)), nil
}

// Abilities are none.
func (*Listing) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{} }

func (l *Listing) body(query url.Values) string {
	size := l.Size
	if limit, err := strconv.Atoi(query.Get("limit")); err == nil {
		size = limit
	}
	from := 0
	if page, err := strconv.Atoi(query.Get("page")); err == nil {
		from = (page - 1) * size
	}
	if offset, err := strconv.Atoi(query.Get("offset")); err == nil {
		from = offset
	}
	if c, err := strconv.Atoi(strings.TrimPrefix(query.Get("cursor"), "c")); err == nil {
		from = c
	}
	from = min(max(from, 0), len(l.Records))
	end := min(from+size, len(l.Records))
	next := `null, "next_url": null`
	if end < len(l.Records) {
		next = fmt.Sprintf(`"c%d", "next_url": "https://api.test/items?offset=%d"`, end, end)
	}
	return fmt.Sprintf(`{"data": [%s], "next": %s, "total": %d}`, strings.Join(l.Records[from:end], ", "), next, len(l.Records))
}

// linkHeader repeats an answer's next_url in a Link header (RFC 8288).
func linkHeader(body string) http.Header {
	_, address, _ := strings.Cut(body, `"next_url": "`)
	address, _, found := strings.Cut(address, `"`)
	if !found {
		return nil
	}
	return http.Header{"Link": {fmt.Sprintf(`<%s>; rel="next"`, address)}}
}

// Data is a rest.Selector of what a Listing answers.
type Data struct {
	// Batch is how many records come at a time; 0: all.
	Batch int
	// Break, if it gives an error, breaks an answer off before the record of that index (in its
	// page) is made; n counts the answers from 1.
	Break func(n, index int) error
	// Keep filters records; nil: all stay.
	Keep func(*value.Dict) bool

	mu sync.Mutex
	n  int
}

// Select makes the records.
func (d *Data) Select(_ context.Context, r *rest.Response, p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	d.mu.Lock()
	d.n++
	n := d.n
	d.mu.Unlock()
	return func(yield func([]tap.Record, error) bool) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			yield(nil, err)
			return
		}
		body, err := value.Decode(bytes.Clone(raw))
		if err != nil {
			yield(nil, err)
			return
		}
		r.Value = func() (any, error) { return templateValue(body), nil }
		list, _ := value.At(body, "data")
		items, ok := list.(*value.List)
		if !ok {
			items = value.NewList()
		}
		r.Extracted = items.Len()
		var batch []tap.Record
		for i, item := range items.All() {
			if d.Break != nil {
				if err := d.Break(n, i); err != nil {
					yield(batch, err)
					return
				}
			}
			record, ok := item.(*value.Dict)
			if !ok || d.Keep != nil && !d.Keep(record) || p.Keep != nil && !p.Keep(p.Slice, record) {
				continue
			}
			if batch = append(batch, tap.Record{Data: record}); len(batch) == d.Batch {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// templateValue is what a paginator's templates see of a JSON body: see rest.TemplateValue.
func templateValue(body any) any {
	list, ok := body.(*value.List)
	switch {
	case ok && list.Len() > 0:
		return list.At(0)
	case ok || body == nil:
		return value.NewDict(0)
	}
	return body
}

// IDs reads a slice to its end and lists the records' ids, or their text where they have none; err
// is what the read ended with.
func IDs(pages iter.Seq2[tap.Page, error]) (ids []string, err error) {
	for page, pageErr := range pages {
		for _, r := range page.Records {
			id, ok := r.Data.Get("id")
			if !ok {
				id = string(value.Append(nil, r.Data))
			}
			ids = append(ids, value.Str(id))
		}
		err = pageErr
	}
	return ids, err
}

// WantIDs compares the ids of records, as IDs lists them, with those that are expected, which stand
// in one text with blanks between.
func WantIDs(t *testing.T, got []string, want string) {
	t.Helper()
	if text := strings.Join(got, " "); text != want {
		t.Errorf("records are %q, expected %q", text, want)
	}
}
