package tap

import (
	"errors"
	"fmt"
	"testing"

	"anytap/internal/value"
	"anytap/state"
)

// A window that a failed stream finished is worth a place in the state only where it saves the next
// run more than a page or two: without it the state is the reference runtime's.
func TestFinishedWindowsOfAFailedStream(t *testing.T) {
	t.Parallel()
	failure := errors.New("400 Bad Request")
	for _, c := range []struct {
		name  string
		pages []int // of each window that was finished
		err   error
		kept  int
	}{
		{"one page on each side of the failed window", []int{1, 1}, failure, 0},
		{"no page at all", []int{0}, failure, 0},
		{"three windows", []int{1, 1, 1}, failure, 3},
		{"a window of two pages", []int{1, 2}, failure, 2},
		{"a read that was stopped", []int{1}, ErrInterrupted, 1},
	} {
		p := newProgress(&state.Bookmark{})
		p.leaveToCursor()
		b := &state.Bookmark{}
		for i, pages := range c.pages {
			s := NewSlice(nil, value.DictOf("start", fmt.Sprint(i)), nil)
			for range pages {
				p.moveTo(s, step{records: 1, whole: true})
			}
			p.close(s)
			b.Finished = append(b.Finished, state.FinishedWindow{Window: s.Window})
		}
		p.finish(&Stream{}, c.err, false)
		if p.leaveOut(b); len(b.Finished) != c.kept {
			t.Errorf("%s: %d windows are kept, want %d", c.name, len(b.Finished), c.kept)
		}
	}
}

// Positions of many slices that an earlier run left are kept in their order, and each is dropped at
// the same cost.
func TestManyOpenSlicesAreDropped(t *testing.T) {
	t.Parallel()
	const many = 100_000
	b := &state.Bookmark{}
	for i := range many {
		b.Slices = append(b.Slices, state.SlicePosition{Partition: value.DictOf("id", int64(i)), Window: value.NewDict(0), Position: state.Position{Kind: state.Page, Token: int64(2)}})
	}
	b.Slices = append(b.Slices, b.Slices[0]) // a state that somebody edited
	p := newProgress(b)
	for i := range many {
		if i%1000 != 7 {
			p.close(NewSlice(b.Slices[i].Partition, nil, nil))
		}
	}
	left := &state.Bookmark{}
	p.write(left)
	if len(left.Slices) != many/1000 {
		t.Fatalf("%d slices are left, want %d", len(left.Slices), many/1000)
	}
	for i, s := range left.Slices {
		if id, _ := s.Partition.Get("id"); id != int64(i*1000+7) {
			t.Fatalf("slice %d is that of partition %v", i, id)
		}
	}
}
