package restsource_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
	"anytap/state"
)

// rig reads a configuration again and again, each time with the state of the time before.
type rig struct {
	t      *testing.T
	config *value.Dict
	api    *tables
	clock  *resttest.Clock
	state  map[string]string // bookmarks by stream, as JSON
	asked  []string          // paths and queries of the last read, sorted
	log    strings.Builder   // of all reads
	limit  int64             // records after which a read ends early; 0: none

	concurrency int // of slices; 0: the usual one
	// reply answers in place of api; nil: api does.
	reply func(n int, r resttest.Request) resttest.Answer
	// each is told of each record; nil: nobody is.
	each func(id, at string)
}

func newRig(t *testing.T, api *tables, config string) *rig {
	t.Helper()
	g := &rig{t: t, config: configured(t, config), api: api, clock: api.clock, state: map[string]string{}}
	return g
}

// read reads all streams, and gives the records by stream, as the texts of their ids in order.
func (g *rig) read() (map[string]string, map[string]error) {
	g.t.Helper()
	if g.api.transport.Reply = g.api.reply; g.reply != nil {
		g.api.transport.Reply = g.reply
	}
	before := len(g.api.transport.Log())
	sink := &memory{rig: g, ids: map[string][]string{}}
	var selected []tap.Selection
	for _, s := range g.streams() {
		selection := tap.Selection{Stream: s}
		if text := g.state[s.Name]; text != "" {
			b, err := state.Parse(value.LazyDict([]byte(text)), "rest", s.Name)
			if err != nil {
				g.t.Fatal(err)
			}
			selection.Bookmark = b
		}
		selected = append(selected, selection)
	}
	log := slog.New(slog.NewTextHandler(&g.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	results, err := tap.Read(g.t.Context(), selected, sink, tap.ReadSettings{Source: "rest", Clock: g.clock.Now, Log: log, MaxRecords: g.limit, Concurrency: g.concurrency})
	errs := map[string]error{}
	if err != nil {
		errs["rows"] = err
	}
	for _, r := range results {
		if r.Err != nil {
			errs[r.Stream] = r.Err
		}
	}
	g.asked = nil
	for _, r := range g.api.transport.Log()[before:] {
		g.asked = append(g.asked, strings.TrimPrefix(r.URL, "https://api.test"))
	}
	slices.Sort(g.asked)
	ids := map[string]string{}
	for name, list := range sink.ids {
		slices.Sort(list)
		ids[name] = strings.Join(list, " ")
	}
	return ids, errs
}

func (g *rig) streams() []*tap.Stream {
	g.t.Helper()
	document, err := restsource.Manifest(g.config)
	if err != nil {
		g.t.Fatal(err)
	}
	root, err := manifest.Resolve(manifest.FromValue("config.json", document))
	if err != nil {
		g.t.Fatal(err)
	}
	rt := resttest.Runtime(&g.api.transport, g.clock)
	rt.Config, rt.Log = g.config, slog.New(slog.NewTextHandler(&g.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	c := manifest.NewCompiler(components.Table(), rt.Config)
	c.Now, c.Log = rt.Now, rt.Log
	manifest.Provide[*rest.Runtime](c, rt)
	var streams []*tap.Stream
	for _, n := range root.Get("streams").Items() {
		stream, err := manifest.Build[*tap.Stream](c, n)
		if err != nil {
			g.t.Fatal(err)
		}
		streams = append(streams, stream)
	}
	return streams
}

// want compares what a read gave of a stream.
func (g *rig) want(ids map[string]string, stream, want string) {
	g.t.Helper()
	if ids[stream] != want {
		g.t.Errorf("%s: records are %q, expected %q\nasked: %s\nstate: %s\nlog: %s", stream, ids[stream], want, strings.Join(g.asked, "\n       "), g.state[stream], g.log.String())
	}
}

// memory is a sink that keeps what the next read needs.
type memory struct {
	rig *rig
	ids map[string][]string
}

func (*memory) Begin(*tap.Stream) error      { return nil }
func (*memory) End(*tap.Stream, error) error { return nil }

func (m *memory) Records(s *tap.Stream, records []tap.Record) error {
	for _, r := range records {
		id, _ := r.Data.Get("id")
		m.ids[s.Name] = append(m.ids[s.Name], value.Str(id))
		if m.rig.each != nil {
			at, _ := r.Data.Get("at")
			m.rig.each(value.Str(id), value.Str(at))
		}
	}
	return nil
}

func (m *memory) Checkpoint(s *tap.Stream, b *state.Bookmark) (int, error) {
	text := ""
	if d := b.Dict(); d != nil {
		text = string(value.Append(nil, d))
	}
	m.rig.state[s.Name] = text
	return len(text), nil
}

// row is one record: its members, among them at, which changes are followed by.
type row map[string]any

// tables are an API whose addresses are lists of rows. It understands since and until (bounds of
// at), sort (at or id, behind - the greatest first), after and before (bounds of id), from (one of
// at), page and limit.
type tables struct {
	clock     *resttest.Clock
	transport resttest.Transport
	rows      map[string][]row // by path
	// exclusive says that bounds are not included.
	exclusive bool
	// broken are paths that answer with an error.
	broken map[string]bool
	// before is called before each answer, with the number of the request.
	before func(n int, u *url.URL)
}

func newTables() *tables {
	return &tables{clock: resttest.NewClock(), rows: map[string][]row{}, broken: map[string]bool{}}
}

func (a *tables) reply(n int, r resttest.Request) resttest.Answer {
	u, err := url.Parse(r.URL)
	if err != nil {
		return resttest.Answer{Status: 400}
	}
	if a.before != nil {
		a.before(n, u)
	}
	rows, ok := a.rows[u.EscapedPath()]
	if a.broken[u.EscapedPath()] || !ok {
		return resttest.Answer{Status: 404, Body: `{"error": "no such list"}`}
	}
	rows = a.selected(rows, u.Query())
	text, err := json.Marshal(map[string]any{"data": rows})
	if err != nil {
		return resttest.Answer{Status: 500}
	}
	return resttest.Answer{Body: string(text)}
}

func (a *tables) selected(rows []row, q url.Values) []row {
	at := func(r row) string { return fmt.Sprint(r["at"]) }
	out := []row{}
	for _, r := range rows {
		since, until := q.Get("since"), q.Get("until")
		if since != "" && (at(r) < since || a.exclusive && at(r) == since) || until != "" && (at(r) > until || a.exclusive && at(r) == until) {
			continue
		}
		out = append(out, r)
	}
	if sort := q.Get("sort"); sort != "" {
		slices.SortStableFunc(out, func(x, y row) int {
			c := strings.Compare(at(x), at(y))
			if strings.HasSuffix(sort, "id") {
				c = x["id"].(int) - y["id"].(int)
			}
			if sort[0] == '-' {
				c = -c
			}
			return c
		})
	}
	var page, limit, after int
	if _, _ = fmt.Sscan(q.Get("after"), &after); after > 0 {
		out = slices.DeleteFunc(out, func(r row) bool { return r["id"].(int) <= after })
	}
	if _, _ = fmt.Sscan(q.Get("before"), &after); q.Has("before") {
		out = slices.DeleteFunc(out, func(r row) bool { return r["id"].(int) >= after })
	}
	if from := q.Get("from"); from != "" {
		out = slices.DeleteFunc(out, func(r row) bool { return at(r) <= from })
	}
	_, _ = fmt.Sscan(q.Get("page"), &page)
	if _, _ = fmt.Sscan(q.Get("limit"), &limit); limit > 0 {
		from := min(max(page-1, 0)*limit, len(out))
		out = out[from:min(from+limit, len(out))]
	}
	return out
}

// on is a time of the test's first days.
func on(day, second int) string {
	return time.Date(2026, 11, day, 0, 0, second, 0, time.UTC).Format(time.RFC3339)
}

// readAll yields the records of a stream without a state.
func readAll(t *testing.T, s *tap.Stream) iter.Seq2[*value.Dict, error] {
	t.Helper()
	reading, err := s.Open(tap.StartingPoint{})
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(*value.Dict, error) bool) {
		for r, err := range taptest.ReadAll(t.Context(), reading) {
			if !yield(r.Data, err) {
				return
			}
		}
	}
}
