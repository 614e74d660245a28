package tap

import (
	"testing"
)

// pickyCursor gives a slice up at a record.
type pickyCursor struct {
	partitionsOf
	at   int64 // the id of that record
	last error
}

func (c *pickyCursor) Observe(_ *Slice, r Record) {
	if id, _ := r.Data.Get("id"); id == c.at {
		c.last = Errorf(Config, "record %d has no date", c.at)
	}
}

func (c *pickyCursor) Close(*Slice) error { return c.last }

func (c *pickyCursor) Abilities() CursorAbilities {
	return CursorAbilities{Failed: func(*Slice) error { return c.last }}
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
