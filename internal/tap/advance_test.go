package tap

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/value"
	"anytap/state"
)

// pagesUntilBudget gives so many pages of the numbered pages and is then refused the next one.
type pagesUntilBudget struct {
	pagesOf
	most int
	anew bool // the first page is given as one that is read again
}

func (p pagesUntilBudget) Pages(ctx context.Context, s *Slice) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		n := 0
		if p.anew {
			s = NewSlice(s.Partition, s.Window, nil)
		}
		for page, err := range p.pagesOf.Pages(ctx, s) {
			if n == p.most {
				yield(Page{}, &BudgetError{Limit: "max_requests", Used: "some requests"})
				return
			}
			page.Anew = p.anew && n == 0
			if n++; !yield(page, err) {
				return
			}
		}
	}
}

// atPage is a bookmark of a stream of one slice, behind the page.
func atPage(n int64) *state.Bookmark {
	return &state.Bookmark{Slices: []state.SlicePosition{{
		Partition: value.NewDict(0), Window: value.NewDict(0), Position: state.Position{Kind: state.Page, Token: n, LastID: n*2 - 1},
	}}}
}

// TestARunThatABudgetEndsMustGetFurther compares the end of runs with their beginning.
func TestARunThatABudgetEndsMustGetFurther(t *testing.T) {
	for name, test := range map[string]struct {
		bookmark *state.Bookmark
		pages    Retriever
		stuck    bool
	}{
		"no page of a first run":                        {nil, pagesUntilBudget{pagesOf{pages: 9, size: 2}, 0, false}, true},
		"a page of a first run":                         {nil, pagesUntilBudget{pagesOf{pages: 9, size: 2}, 1, false}, false},
		"no page behind the position":                   {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 0, false}, true},
		"the page of the position, with nothing new":    {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 1, false}, true},
		"a page behind the position":                    {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 2, false}, false},
		"read again, less far than the position":        {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 2, true}, true},
		"read again, as far as the position":            {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 3, true}, true},
		"read again, further than the position":         {atPage(3), pagesUntilBudget{pagesOf{pages: 9, size: 2}, 4, true}, false},
		"no budget, nothing new":                        {atPage(9), pagesOf{pages: 9, size: 2}, false},
		"another failure is told of in its stream only": {nil, pagesOf{pages: 9, size: 2, fail: map[string]int{"<nil>": 1}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			stream := fakeStream("s", partitionsOf{}, test.pages)
			_, err := Read(context.Background(), []Selection{{Stream: stream, Bookmark: test.bookmark}}, &script{}, ReadSettings{Source: "src"})
			if !test.stuck && err != nil {
				t.Errorf("it failed: %v", err)
			}
			if test.stuck && (err == nil || KindOf(err) != Config || !strings.Contains(err.Error(), "max_requests is too small")) {
				t.Errorf("error %v, want one that names the budget", err)
			}
		})
	}
}

// TestOneStreamThatGetsFurtherIsEnough has one stream that a budget stops and one that goes on.
func TestOneStreamThatGetsFurtherIsEnough(t *testing.T) {
	stuck := Selection{Stream: fakeStream("stuck", partitionsOf{}, pagesUntilBudget{pagesOf{pages: 9, size: 2}, 0, false})}
	for name, test := range map[string]struct {
		other Selection
		fails bool
	}{
		"it was read to its end":               {Selection{Stream: fakeStream("other", partitionsOf{}, pagesOf{pages: 2, size: 2})}, false},
		"it was read to its end, and is empty": {Selection{Stream: fakeStream("other", partitionsOf{}, pagesOf{})}, true},
		"a partition was finished":             {Selection{Stream: fakeStream("other", partitionsOf{"a", "b"}, pagesOf{pages: 1, size: 1, fail: map[string]int{"b": 1}})}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(context.Background(), []Selection{stuck, test.other}, &script{}, ReadSettings{Source: "src"})
			if test.fails != (err != nil) {
				t.Errorf("error %v, want one: %v", err, test.fails)
			}
		})
	}
}

// TestPositionsThatAreNotUsedAreSaid reads partitions of which some are gone.
func TestPositionsThatAreNotUsedAreSaid(t *testing.T) {
	bookmark := func(names ...string) *state.Bookmark {
		b := &state.Bookmark{}
		for _, name := range names {
			b.Slices = append(b.Slices, state.SlicePosition{
				Partition: value.DictOf("p", name), Window: value.NewDict(0), Position: state.Position{Kind: state.Page, Token: int64(1), LastID: int64(0)},
			})
		}
		return b
	}
	for name, test := range map[string]struct {
		bookmark *state.Bookmark
		cursor   Cursor
		want     []string
		not      string
	}{
		"all of them come":                 {bookmark("a", "b"), partitionsOf{"a", "b"}, nil, "not used"},
		"one is gone":                      {bookmark("a", "gone"), partitionsOf{"a", "b"}, []string{`not used: its slice did not come`, `gone`}, `"a"`},
		"many are gone":                    {bookmark("g1", "g2", "g3", "g4", "g5", "g6", "g7"), partitionsOf{"a"}, []string{`g5`, "more positions", "count=2"}, "g6"},
		"the partitions end with an error": {bookmark("a", "later"), partitionsThenError{"a"}, nil, "not used"},
	} {
		t.Run(name, func(t *testing.T) {
			logs := &bytes.Buffer{}
			sink := &script{}
			stream := fakeStream("s", test.cursor, pagesOf{pages: 1, size: 1})
			if _, err := Read(context.Background(), []Selection{{Stream: stream, Bookmark: test.bookmark}}, sink,
				ReadSettings{Source: "src", Log: slog.New(slog.NewTextHandler(logs, nil))}); err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(logs.String(), want) {
					t.Errorf("%q was not said:\n%s", want, logs)
				}
			}
			if test.not != "" && strings.Contains(logs.String(), test.not) {
				t.Errorf("%q was said:\n%s", test.not, logs)
			}
		})
	}
}

// partitionsThenError is a cursor whose partitions end with an error.
type partitionsThenError []string

func (c partitionsThenError) Slices(ctx context.Context) iter.Seq2[*Slice, error] {
	return func(yield func(*Slice, error) bool) {
		for s := range partitionsOf(c).Slices(ctx) {
			if !yield(s, nil) {
				return
			}
		}
		yield(nil, errors.New("no more parents"))
	}
}
func (c partitionsThenError) Observe(*Slice, Record)   {}
func (c partitionsThenError) Close(*Slice) error       { return nil }
func (c partitionsThenError) Finish()                  { panic("not all slices came") }
func (c partitionsThenError) State() *value.Dict       { return nil }
func (partitionsThenError) Abilities() CursorAbilities { return CursorAbilities{} }
