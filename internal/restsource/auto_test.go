package restsource_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// transport is an API with the habit, and n records.
func (h habit) transport(n int) *resttest.Transport {
	return &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		u, err := url.Parse(r.URL)
		if err != nil || !strings.HasSuffix(u.Path, "/items") {
			return resttest.Answer{Status: 404, Body: `{"error": "no such path"}`}
		}
		return h.reply(asked{Request: r, Values: u.Query(), n: n, size: h.pageSize()})
	}}
}

func (h habit) pageSize() int {
	if h.size == 0 {
		return 10
	}
	return h.size
}

// config has nothing but name and path, and what the habit needs.
func (h habit) config(more string) string {
	return "{" + members(`"source": "rest"`, `"base_url": "https://api.test/v1"`,
		`"streams": [{`+members(`"name": "items"`, `"path": "/items"`, h.stream, more)+`}]`) + "}"
}

func TestAutoReadsEachHabitWhole(t *testing.T) {
	for name, h := range habits {
		for _, n := range []int{0, 1, 3, 10, 20, 21, 23, 41} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				t.Parallel()
				s, err := open(t, h.transport(n), h.config(""))
				if err != nil {
					t.Fatal(err)
				}
				ids, _, err := s.read(t, nil)
				if got := strings.Join(ids, " "); got != numbers(n) || err != nil {
					t.Errorf("records are %q, error %v, expected %q\nrequests: %s", got, err, numbers(n), s.requests())
				}
				if s.log.Len() > 0 {
					t.Errorf("warned: %s", s.log.String())
				}
			})
		}
	}
}

// TestAutoSchema infers the schema of each habit from several pages, and reads after that: the way
// of paging is not looked for again, and no page but the last is asked for twice.
func TestAutoSchema(t *testing.T) {
	for name, h := range habits {
		for _, n := range []int{3, 20, 23, 41} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				t.Parallel()
				s, err := open(t, h.transport(n), h.config(""))
				if err != nil {
					t.Fatal(err)
				}
				schema, err := s.streams[0].Schema(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if _, seen := value.At(schema, "properties", "late"); seen != (n > 2*h.pageSize()) {
					t.Errorf("the third page was seen: %t; requests: %s", seen, s.requests())
				}
				ids, _, err := s.read(t, nil)
				if got := strings.Join(ids, " "); got != numbers(n) || err != nil {
					t.Errorf("records are %q, error %v, expected %q\nrequests: %s", got, err, numbers(n), s.requests())
				}
				asked, twice := map[string]int{}, 0
				for _, r := range s.transport.Log() {
					if asked[r.Method+" "+r.URL+" "+r.Body]++; asked[r.Method+" "+r.URL+" "+r.Body] > 1 {
						twice++
					}
				}
				if twice > 1 {
					t.Errorf("asked for %d pages twice: %s", twice, s.requests())
				}
				if s.log.Len() > 0 {
					t.Errorf("warned: %s", s.log.String())
				}
			})
		}
	}
}

// TestAutoSchemaOfAReadThatGoesOn tries no parameters for the schema of a stream that has a state:
// the read asks for other pages.
func TestAutoSchemaOfAReadThatGoesOn(t *testing.T) {
	api := &resttest.Transport{Reply: func(int, resttest.Request) resttest.Answer { return resttest.Answer{Body: rows(1, 20)} }}
	for _, goesOn := range []bool{false, true} {
		s, err := open(t, api, configOf("", ""))
		if err != nil {
			t.Fatal(err)
		}
		before, ctx := len(api.Log()), t.Context()
		if goesOn {
			ctx = tap.WithGoingOn(ctx)
		}
		if _, err := s.streams[0].Schema(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(api.Log()) - before; (n == 1) != goesOn {
			t.Errorf("it goes on: %t, and %d requests were made", goesOn, n)
		}
	}
}

// pagesOf reads the only slice of the first stream from a position.
func pagesOf(t *testing.T, s *source, from *state.Position) (pages []tap.Page, ids []string, err error) {
	t.Helper()
	reading, err := s.streams[0].Open(tap.StartingPoint{})
	if err != nil {
		t.Fatal(err)
	}
	for slice, err := range reading.Cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		slice.Resume = from
		for page, err := range reading.Retriever.Pages(t.Context(), slice) {
			if err != nil {
				return pages, ids, err
			}
			for _, r := range page.Records {
				id, _ := r.Data.Get("id")
				ids = append(ids, value.Str(id))
			}
			pages = append(pages, page)
		}
	}
	return pages, ids, nil
}

// throughState is a position as the next run reads it from the state.
func throughState(t *testing.T, p state.Position) *state.Position {
	t.Helper()
	empty := value.NewDict(0)
	b := state.Bookmark{Source: "rest", Stream: "items", Slices: []state.SlicePosition{{Partition: empty, Window: empty, Position: p}}}
	d, err := value.Decode(value.Append(nil, b.Dict()))
	if err != nil {
		t.Fatal(err)
	}
	back, err := state.Parse(d.(*value.Dict), "rest", "items")
	if err != nil {
		t.Fatal(err)
	}
	return &back.Slices[0].Position
}

// TestAutoResumes goes on from behind each record and each page.
func TestAutoResumes(t *testing.T) {
	const n = 23
	for name, h := range habits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := open(t, h.transport(n), h.config(`"primary_key": ["id"]`))
			if err != nil {
				t.Fatal(err)
			}
			pages, _, err := pagesOf(t, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			out := 0
			goesOn := func(p state.Position, written int) {
				t.Helper()
				again, err := open(t, h.transport(n), h.config(`"primary_key": ["id"]`))
				if err != nil {
					t.Fatal(err)
				}
				_, ids, err := pagesOf(t, again, throughState(t, p))
				want := strings.Join(strings.Fields(numbers(n))[written:], " ")
				if got := strings.Join(ids, " "); got != want || err != nil {
					t.Errorf("from %+v: records are %q, error %v, expected %q\nrequests: %s", p, got, err, want, again.requests())
				}
				if p.Pagination != nil && strings.Count(again.requests(), " ") > n {
					t.Errorf("from %+v it was guessed anew: %s", p, again.requests())
				}
			}
			for _, page := range pages {
				for i, r := range page.Records {
					at := page.Here
					at.LastID = tap.IDOf([][]string{{"id"}}, r)
					goesOn(at, out+i+1)
				}
				out += len(page.Records)
				goesOn(page.After, out)
			}
		})
	}
}
