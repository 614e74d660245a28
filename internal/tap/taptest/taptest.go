package taptest

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Now is the time of all runs.
func Now() time.Time { return time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC) }

// Connector has three streams: users, with three records; events, with two pages of two records,
// which only grows at its end; and broken, which can not be read. Its configuration needs a token.
// With "fail" the check fails, and so does reading the second user; with "rotate" the run changes
// the token to that value.
func Connector() *tap.Connector {
	return &tap.Connector{Name: "tap-test", Description: "Reads a list in memory.", Spec: spec, Open: open}
}

func spec() (*tap.Spec, error) {
	token := value.DictOf("type", "string", "title", "Token", "description", "Opens the door.", "airbyte_secret", true)
	limit := value.DictOf("type", "integer", "title", "Limit", "description", "How many | at most.", "default", int64(3))
	return &tap.Spec{
		Connection: value.DictOf("type", "object", "required", value.NewList("token"), "additionalProperties", true,
			"properties", value.DictOf("token", token, "limit", limit)),
		DocumentationURL: "https://example.com/docs",
	}, nil
}

func open(_ context.Context, config *value.Dict, e tap.Environment) (*tap.Source, error) {
	token, _ := config.Get("token")
	if token == nil && !e.Discovering {
		return nil, tap.Errorf(tap.Config, "%s: token is missing, expected a text", e.ConfigFile)
	}
	fail, _ := config.Get("fail")
	if rotate, _ := config.Get("rotate"); rotate != nil {
		config.Set("token", rotate)
		if err := e.ConfigChanged(config); err != nil {
			return nil, err
		}
	}
	return &tap.Source{
		Name: "test", Hide: func(text string) string { return strings.ReplaceAll(text, value.Str(token), "****") },
		Check: func(context.Context) (tap.Availability, error) {
			return tap.Availability{OK: fail == nil, Reason: fmt.Sprintf("the token %v opens no door", token)}, nil
		},
		Streams: func(context.Context) ([]*tap.Stream, error) {
			broken := &tap.Stream{Name: "broken", Unsupported: fmt.Errorf("CustomRetriever source_x.Retriever is Python")}
			return []*tap.Stream{users(fail == true), events(), broken}, nil
		},
		Settings: tap.ReadSettings{Concurrency: 1},
	}, nil
}

func users(fail bool) *tap.Stream {
	address := value.DictOf("type", "object", "properties", value.DictOf(
		"city", value.DictOf("type", "string", "maxLength", int64(4)), "zip", value.DictOf("type", "string")))
	schema := value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "type", "object", "additionalProperties", false,
		"properties", value.DictOf("id", value.DictOf("type", "integer"), "name", value.DictOf("type", value.NewList("string")), "address", address))
	return &tap.Stream{
		Name: "users", PrimaryKey: [][]string{{"id"}}, Resumable: true,
		Schema: func(context.Context) (*value.Dict, error) { return schema, nil },
		Open: func(tap.StartingPoint) (*tap.Reading, error) {
			return &tap.Reading{Cursor: whole{}, Retriever: pages{fail: fail, records: [][]string{{
				`{"id":1,"name":"Ada","address":{"city":"Köln","zip":"50667"}}`,
				`{"id":2,"name":null,"address":null}`,
				`{"id":3,"name":"a \"b\"","big":12345678901234567890,"amount":1.10}`,
			}}}}, nil
		},
	}
}

func events() *tap.Stream {
	schema := value.DictOf("type", "object", "properties", value.DictOf("id", value.DictOf("type", "string"), "at", value.DictOf("type", "string", "format", "date-time")))
	return &tap.Stream{
		Name: "events", PrimaryKey: [][]string{{"id"}}, CursorField: []string{"at"}, Resumable: true, AppendOnly: true,
		Schema: func(context.Context) (*value.Dict, error) { return schema, nil },
		Open: func(tap.StartingPoint) (*tap.Reading, error) {
			return &tap.Reading{Cursor: whole{}, Retriever: pages{records: [][]string{
				{`{"id":"a","at":"2026-11-01T00:00:00Z"}`, `{"id":"b","at":"2026-11-02T00:00:00Z"}`},
				{`{"id":"c","at":"2026-11-03T00:00:00Z"}`, `{"id":"d","at":"2026-11-04T00:00:00Z"}`},
			}}}, nil
		},
	}
}

// whole is a cursor of one slice, without a state.
type whole struct{}

func (whole) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) { yield(tap.NewSlice(nil, nil, nil), nil) }
}
func (whole) Observe(*tap.Slice, tap.Record) {}
func (whole) Close(*tap.Slice) error         { return nil }
func (whole) Finish()                        {}
func (whole) State() *value.Dict             { return nil }
func (whole) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }

// pages are numbered from 1. A read that is resumed leaves out the records that were written of its
// first page.
type pages struct {
	records [][]string
	fail    bool
}

func (p pages) Pages(_ context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		first := int64(1)
		if s.Resume != nil {
			first, _ = s.Resume.Token.(int64)
		}
		for n := first; n <= int64(len(p.records)); n++ {
			page := tap.Page{Here: state.Position{Kind: state.Page, Token: n}}
			skip := s.Resume != nil && n == first && s.Resume.LastID != nil
			for i, text := range p.records[n-1] {
				if p.fail && i == 1 {
					yield(page, tap.Errorf(tap.Transient, "page %d: the list broke", n))
					return
				}
				d := value.LazyDict([]byte(text))
				id, _ := d.Get("id")
				if !skip {
					page.Records = append(page.Records, tap.Record{Data: d})
				}
				skip = skip && !value.Equal(id, s.Resume.LastID)
				page.After = state.Position{Kind: state.Page, Token: n, LastID: id}
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}
