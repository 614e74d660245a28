package restsource_test

import (
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// api is a list of records that every way of paging can read: by page (from first), offset, cursor,
// or the addresses in the answer and in its Link header.
type api struct {
	records int
	size    int // records a page where nobody asks for another size
	first   int // number of the first page
	// answer makes an answer's body of a page's records; nil: {"data": […], "meta": {…}}.
	answer func(p apiPage) string
	// ignores says that paging parameters have no effect.
	ignores bool
}

// apiPage is what one request gets.
type apiPage struct {
	records    string // a JSON list
	from, to   int
	total      int
	next       string // parameters of the next page; empty: there is none
	page, size int
}

func (a api) transport() *resttest.Transport {
	return &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		u, err := url.Parse(r.URL)
		if err != nil || u.Path != "/v1/items" {
			return resttest.Answer{Status: 404, Body: `{"error": "no such path"}`}
		}
		p := a.page(u.Query())
		out := resttest.Answer{Body: a.body(p)}
		if p.next != "" {
			out.Header = []string{"X-Next: " + fmt.Sprint(p.to), "Link: <https://api.test/v1/items?" + p.next + `>; rel="next", <https://api.test/v1/items>; rel="first"`, "X-Next-Page: /v1/items?" + p.next}
		}
		return out
	}}
}

func (a api) page(q url.Values) apiPage {
	if a.ignores {
		q = url.Values{}
	}
	number := func(name string, otherwise int) int {
		var n int
		if _, err := fmt.Sscan(strings.TrimPrefix(q.Get(name), "c"), &n); err != nil {
			return otherwise
		}
		return n
	}
	p := apiPage{total: a.records, size: number("limit", a.size)}
	p.page = number("page", a.first)
	p.from = number("offset", (p.page-a.first)*p.size)
	p.from = min(number("cursor", p.from), a.records)
	p.to = min(p.from+p.size, a.records)
	var records []string
	for i := p.from; i < p.to; i++ {
		records = append(records, fmt.Sprintf(`{"id": %d, "at": "2026-01-%02dT00:00:00Z"}`, i+1, i%28+1))
	}
	p.records = "[" + strings.Join(records, ", ") + "]"
	if p.to < a.records {
		p.next = fmt.Sprintf("cursor=%d&limit=%d", p.to, p.size)
	}
	return p
}

func (a api) body(p apiPage) string {
	if a.answer != nil {
		return a.answer(p)
	}
	next, address := "null", "null"
	if p.next != "" {
		next, address = fmt.Sprintf(`"c%d"`, p.to), fmt.Sprintf("%q", "https://api.test/v1/items?"+p.next)
	}
	return fmt.Sprintf(`{"data": %s, "meta": {"next": %s, "url": %s, "more": %t, "total": %d}}`, p.records, next, address, p.next != "", p.total)
}

// source is a configuration as it is read.
type source struct {
	streams   []*tap.Stream
	transport *resttest.Transport
	log       strings.Builder
	stored    *value.Dict // the configuration as it was last written back; nil: it was not
}

func open(t *testing.T, transport *resttest.Transport, config string) (*source, error) {
	t.Helper()
	return openAt(t, slog.LevelWarn, transport, config)
}

// openAt is open with a log from a level on.
func openAt(t *testing.T, level slog.Level, transport *resttest.Transport, config string) (*source, error) {
	t.Helper()
	v, err := value.DecodeString(config)
	if err != nil {
		t.Fatalf("%s: %v", config, err)
	}
	document, err := restsource.Manifest(v.(*value.Dict))
	if err != nil {
		return nil, err
	}
	root, err := manifest.Resolve(manifest.FromValue("config.json", document))
	if err != nil {
		t.Fatal(err)
	}
	s := &source{transport: transport}
	rt := resttest.Runtime(transport, resttest.NewClock())
	rt.ConfigChanged = func(config *value.Dict) error {
		s.stored = config
		return nil
	}
	rt.Config, rt.Log = v.(*value.Dict), slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: level}))
	c := manifest.NewCompiler(components.Table(), rt.Config)
	c.Now, c.Log = rt.Now, rt.Log
	manifest.Provide(c, rt)
	for _, n := range root.Get("streams").Items() {
		stream, err := manifest.Build[*tap.Stream](c, n)
		if err != nil {
			return nil, err
		}
		s.streams = append(s.streams, stream)
	}
	return s, nil
}

// read reads the first stream and gives the IDs of its records, or their text where they have none.
func (s *source) read(t *testing.T, state *value.Dict) (ids []string, after *value.Dict, err error) {
	t.Helper()
	reading, err := s.streams[0].Open(tap.StartingPoint{State: state})
	if err != nil {
		t.Fatal(err)
	}
	for r, failed := range taptest.ReadAll(t.Context(), reading) {
		if err = failed; err != nil {
			break
		}
		id, ok := r.Data.Get("id")
		if !ok {
			id = string(value.Append(nil, r.Data))
		}
		ids = append(ids, value.Str(id))
	}
	return ids, reading.Cursor.State(), err
}

// requests are the queries that were sent.
func (s *source) requests() string {
	var out []string
	for _, r := range s.transport.Log() {
		out = append(out, strings.TrimPrefix(r.URL, "https://api.test/v1/items"))
	}
	return strings.Join(out, " ")
}

func numbers(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(i+1))
	}
	return strings.Join(out, " ")
}

// configOf is a configuration with one stream. more are further members of the stream, whole of the
// configuration.
func configOf(more, whole string) string {
	stream := members(`"name": "items"`, `"path": "/items"`, `"primary_key": ["id"]`, more)
	return "{" + members(`"source": "rest"`, `"base_url": "https://api.test/v1/"`, whole, `"streams": [{`+stream+`}]`) + "}"
}

// members joins the members of a JSON object, leaving out empty ones.
func members(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
