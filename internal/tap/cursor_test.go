package tap

import (
	"fmt"
	"sync"
	"testing"
)

// pickyCursor gives a slice up at a record.
type pickyCursor struct {
	partitionsOf
	at   int64 // the id of that record
	mu   sync.Mutex
	last error
}

func (c *pickyCursor) Observe(_ *Slice, r Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, _ := r.Data.Get("id"); id == c.at {
		c.last = Errorf(Config, "record %d has no date", c.at)
	}
}

func (c *pickyCursor) Close(*Slice) error { return c.last }

func (c *pickyCursor) Abilities() CursorAbilities {
	return CursorAbilities{Failed: func(*Slice) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.last
	}}
}

// TestCursorGivesItsSliceUpAtARecord wants that record to be written, no other behind it, and a
// state that covers just what was written.
func TestCursorGivesItsSliceUpAtARecord(t *testing.T) {
	sink := &script{}
	cursor := &pickyCursor{at: 4}
	results, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", cursor, pagesOf{pages: 3, size: 3})}}, sink, ReadSettings{Source: "src"})
	if err != nil {
		t.Fatal(err)
	}
	about := `,"anytap":{"format":1,"source":"src","stream":"s"}}`
	compare(t, sink.lines, []string{
		"begin s",
		"records s 0,1,2", `state s {"page":1,"last_id":2` + about,
		"records s 3,4", `state s {"page":2,"last_id":4` + about,
		`state s {"page":2,"last_id":4` + about, "end s: record 4 has no date",
	})
	if KindOf(results[0].Err) != Config || results[0].Records != 5 {
		t.Errorf("result %+v, want 5 records and the cursor's error", results[0])
	}
}

// fussyCursor gives the slice of one partition up at a record.
type fussyCursor struct {
	pickyCursor
	partition string
}

func (c *fussyCursor) Observe(s *Slice, r Record) {
	if partitionName(s) == c.partition {
		c.pickyCursor.Observe(s, r)
	}
}

func (c *fussyCursor) Close(s *Slice) error { return c.failed(s) }

func (c *fussyCursor) Abilities() CursorAbilities { return CursorAbilities{Failed: c.failed} }

func (c *fussyCursor) failed(s *Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if partitionName(s) == c.partition {
		return c.last
	}
	return nil
}

// TestFailedSliceWritesNothingMore reads partitions at once, one of which fails at its fifth
// record, with many pages behind it. The others are written to their end. The next run, to which
// nothing is wrong any more, writes just the rest.
func TestFailedSliceWritesNothingMore(t *testing.T) {
	for _, part := range []int{1, 2, 1000} {
		t.Run(fmt.Sprintf("parts of %d", part), func(t *testing.T) {
			names, read := partitionsOf{"a", "b", "c"}, 0
			cursor := &fussyCursor{pickyCursor: pickyCursor{partitionsOf: names, at: 4}, partition: "b"}
			pages := pagesOf{pages: 50, size: 3, release: &read}
			settings := ReadSettings{Source: "src", CheckpointRecords: part, Concurrency: 4}
			sink := &script{}
			results, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", cursor, pages)}}, sink, settings)
			if err != nil || results[0].Err != cursor.last {
				t.Fatalf("Read gave %v, %v; want the cursor's error", results[0].Err, err)
			}
			if read > 2*50+5 {
				t.Errorf("%d pages were read, want two partitions of 50 and little more than 2 pages of the third", read)
			}
			_, bookmark := lastState(t, sink.lines)
			next := &script{}
			if _, err := Read(t.Context(), []Selection{{Stream: fakeStream("s", names, pages), Bookmark: bookmark}}, next, settings); err != nil {
				t.Fatal(err)
			}
			first, second := map[string]int{}, map[string]int{}
			for _, id := range recordsOf(sink.lines) {
				first[id]++
			}
			for _, id := range recordsOf(next.lines) {
				second[id]++
			}
			for id := range 150 {
				before, after := 3, 0
				if id > 4 {
					before, after = 2, 1
				}
				if name := fmt.Sprint(id); first[name] != before || second[name] != after {
					t.Fatalf("record %d came %d times and then %d times, want %d and %d", id, first[name], second[name], before, after)
				}
			}
		})
	}
}
