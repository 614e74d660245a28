package tap_test

import (
	"context"
	"fmt"
	"iter"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// wholeStream is the cursor of a stream that is read in one slice and has no state of its own.
type wholeStream struct{}

func (wholeStream) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) { yield(tap.NewSlice(nil, nil, nil), nil) }
}
func (wholeStream) Observe(*tap.Slice, tap.Record) {}
func (wholeStream) Close(*tap.Slice) error         { return nil }
func (wholeStream) Finish()                        {}
func (wholeStream) State() *value.Dict             { return nil }
func (wholeStream) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }

// twoPages is a retriever of the records 1 to 4 on two pages.
type twoPages struct{}

func (twoPages) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		for n := int64(1); n <= 2; n++ {
			here := state.Position{Kind: state.Page, Token: n}
			page := tap.Page{Here: here, After: here}
			page.After.LastID = 2 * n
			for id := 2*n - 1; id <= 2*n; id++ {
				page.Records = append(page.Records, tap.Record{Data: value.DictOf("id", id)})
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// printer is a sink that prints what it is told.
type printer struct{}

func (printer) Begin(s *tap.Stream) error {
	fmt.Println("begin", s.Name)
	return nil
}

func (printer) Records(_ *tap.Stream, records []tap.Record) error {
	for _, r := range records {
		fmt.Printf("%s\n", value.Append(nil, r.Data))
	}
	return nil
}

func (printer) Checkpoint(_ *tap.Stream, b *state.Bookmark) (int, error) {
	if b.Dict() == nil {
		fmt.Println("state: none")
		return 0, nil
	}
	text := value.Append(nil, b.Dict())
	fmt.Printf("state: %s\n", text)
	return len(text), nil
}

func (printer) End(s *tap.Stream, err error) error {
	fmt.Println("end", s.Name, err)
	return nil
}

// Read gives the sink each page, and behind it the state to go on from if the read should be
// interrupted there.
func ExampleRead() {
	posts := &tap.Stream{Name: "posts", PrimaryKey: [][]string{{"id"}}, Resumable: true}
	posts.Open = func(tap.StartingPoint) (*tap.Reading, error) {
		return &tap.Reading{Cursor: wholeStream{}, Retriever: twoPages{}}, nil
	}
	results, err := tap.Read(context.Background(), []tap.Selection{{Stream: posts}}, printer{}, tap.ReadSettings{Source: "blog"})
	fmt.Println(results[0].Records, "records,", err)

	// Output:
	// begin posts
	// {"id":1}
	// {"id":2}
	// state: {"page":1,"last_id":2,"anytap":{"format":1,"source":"blog","stream":"posts"}}
	// {"id":3}
	// {"id":4}
	// state: {"page":2,"last_id":4,"anytap":{"format":1,"source":"blog","stream":"posts"}}
	// state: none
	// end posts <nil>
	// 4 records, <nil>
}
