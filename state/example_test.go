package state_test

import (
	"fmt"

	"anytap/internal/value"
	"anytap/state"
)

// A bookmark is written in one run and read in the next.
func ExampleBookmark() {
	b := &state.Bookmark{
		Source: "pullbay", Stream: "reviews",
		Slices: []state.SlicePosition{{
			Partition: value.DictOf("business_id", "b-3"),
			Window:    value.NewDict(0),
			Position:  state.Position{Kind: state.Page, Token: int64(7), LastID: int64(4711)},
		}},
		Done: []string{state.HashKey(state.SliceKey(value.DictOf("business_id", "b-0"), nil))},
	}
	text := value.Append(nil, b.Dict())
	fmt.Printf("%s\n", text)

	next, err := state.Parse(value.LazyDict(text), "pullbay", "reviews")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("go on at page", next.Slices[0].Position.Token, "behind record", next.Slices[0].Position.LastID)

	_, err = state.Parse(value.LazyDict(text), "helpscout", "reviews")
	fmt.Println(err)

	// Output:
	// {"partitions":[{"partition":{"business_id":"b-3"},"page":7,"last_id":4711}],"done":["dCth-SyESs4"],"anytap":{"format":1,"source":"pullbay","stream":"reviews"}}
	// go on at page 7 behind record 4711
	// state of stream "reviews" belongs to the source "pullbay", not to "helpscout": give the state file of this source, or none
}
