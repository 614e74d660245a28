package tap

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"anytap/internal/value"
	"anytap/state"
)

// pagesOf is a retriever of numbered pages with size records each. fail says which page of a
// partition breaks.
type pagesOf struct {
	pages, size int
	fail        map[string]int
	release     *int
}

func (f pagesOf) Pages(ctx context.Context, s *Slice) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		first, skip := 1, 0
		if s.Resume != nil && s.Resume.Token != nil {
			first = int(s.Resume.Token.(int64))
			if s.Resume.LastID != nil {
				skip = int(s.Resume.LastID.(int64))%f.size + 1
			}
		}
		for n := first; n <= f.pages; n++ {
			if f.fail[partitionName(s)] == n {
				yield(Page{}, Errorf(Transient, "page %d: broken", n))
				return
			}
			if err := ctx.Err(); err != nil {
				yield(Page{}, err)
				return
			}
			if !yield(f.page(n, skip), nil) {
				return
			}
			skip = 0
		}
	}
}

func (f pagesOf) page(n, skip int) Page {
	here := state.Position{Kind: state.Page, Token: int64(n)}
	page := Page{Here: here, After: here}
	page.After.LastID = int64(n*f.size - 1)
	for i := skip; i < f.size; i++ {
		page.Records = append(page.Records, Record{Data: value.DictOf("id", int64((n-1)*f.size+i))})
	}
	if f.release != nil {
		page.Release = func() { *f.release++ }
	}
	return page
}

func partitionName(s *Slice) string {
	name, _ := s.Partition.Get("p")
	return fmt.Sprint(name)
}

// silentPages is a retriever that waits and then has no page.
type silentPages struct{ wait time.Duration }

func (p silentPages) Pages(context.Context, *Slice) iter.Seq2[Page, error] {
	return func(func(Page, error) bool) { time.Sleep(p.wait) } // on synctest's clock: no time passes
}

// partitionsOf is a cursor without a state over named partitions; without any it has one empty
// slice.
type partitionsOf []string

func (c partitionsOf) Slices(context.Context) iter.Seq2[*Slice, error] {
	return func(yield func(*Slice, error) bool) {
		if len(c) == 0 {
			yield(NewSlice(nil, nil, nil), nil)
		}
		for _, name := range c {
			if !yield(NewSlice(value.DictOf("p", name), nil, nil), nil) {
				return
			}
		}
	}
}
func (c partitionsOf) Observe(*Slice, Record)   {}
func (c partitionsOf) Close(*Slice) error       { return nil }
func (c partitionsOf) Finish()                  {}
func (c partitionsOf) State() *value.Dict       { return nil }
func (partitionsOf) Abilities() CursorAbilities { return CursorAbilities{} }

func fakeStream(name string, c Cursor, r Retriever) *Stream {
	return &Stream{Name: name, PrimaryKey: [][]string{{"id"}}, Resumable: true,
		Open: func(StartingPoint) (*Reading, error) { return &Reading{Cursor: c, Retriever: r}, nil }}
}

// script is a sink that keeps a line of each call.
type script struct {
	lines []string
	after func(line string) error
}

func (s *script) add(format string, args ...any) error {
	line := fmt.Sprintf(format, args...)
	s.lines = append(s.lines, line)
	if s.after != nil {
		return s.after(line)
	}
	return nil
}

func (s *script) Begin(st *Stream) error { return s.add("begin %s", st.Name) }

func (s *script) Records(st *Stream, records []Record) error {
	var ids []string
	for _, r := range records {
		id, _ := r.Data.Get("id")
		ids = append(ids, fmt.Sprint(id))
	}
	return s.add("records %s %s", st.Name, strings.Join(ids, ","))
}

func (s *script) Checkpoint(st *Stream, b *state.Bookmark) (int, error) {
	text := "-"
	if d := b.Dict(); d != nil {
		text = string(value.Append(nil, d))
	}
	return len(text), s.add("state %s %s", st.Name, text)
}

func (s *script) End(st *Stream, err error) error {
	if err != nil {
		return s.add("end %s: %v", st.Name, err)
	}
	return s.add("end %s", st.Name)
}

func textLog(b *strings.Builder) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }
