package contracttest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"anytap/internal/suite"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// CursorCase is one kind of cursor with an API in memory for it to follow.
type CursorCase struct {
	// Open makes the cursor for one read; state is nil for a first one. now is the run's clock.
	Open func(now func() time.Time, state *value.Dict) (tap.Cursor, error)
	// Start is what the clock shows first. The clock stands still in one run of the checks and goes
	// on in another.
	Start time.Time
	// Records are what the API holds, five or more. No two of them are the same.
	Records []*value.Dict
	// Answers says whether the API gives a record when it is asked for a slice.
	Answers func(s *tap.Slice, record *value.Dict) bool
	// Broken is a record whose cursor value ends its slice; nil: there is none.
	Broken *value.Dict
	// Again is how many of the records a read gives again that follows a complete one.
	Again int
	// PartitionsEnd says that a partition which was read does not come again: its parents' state is
	// past it.
	PartitionsEnd bool
	// Stateless says that the cursor has no state, so that each read gives everything.
	Stateless bool
}

// Cursor checks what every tap.Cursor has to do.
func Cursor(t *testing.T, c CursorCase) {
	t.Helper()
	for name, step := range map[string]time.Duration{"the clock stands still": 0, "the clock goes on": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) { cursorChecks.Run(t, cursorRun{c, step}) })
	}
}

var cursorChecks = suite.Checks[cursorRun]{
	"a read gives every record":                          cursorReadsAll,
	"the next read goes on where a complete one ended":   cursorGoesOn,
	"an interrupted read is continued without a gap":     cursorIsInterrupted,
	"the state covers closed slices only, in any order":  cursorClosesInAnyOrder,
	"what is not closed at Finish is read again":         cursorFinishesEarly,
	"a read without records leaves the state as it was":  cursorReadsNothing,
	"a state that was given out does not change":         cursorGivesSnapshots,
	"the version changes with the state":                 cursorNumbersStates,
	"a broken record ends its slice":                     cursorFails,
	"records inside the bounds are kept":                 cursorKeeps,
	"slices are read at once while others are written":   cursorIsShared,
	"slices end when the consumer stops or is cancelled": cursorStops,
}

// cursorRun is a case with the speed of its clock: step is how far each look moves it on.
type cursorRun struct {
	CursorCase
	step time.Duration
}

// open makes a cursor for one read. The clock begins anew: a read that continues another begins no
// earlier in real life, but must not depend on it.
func (c cursorRun) open(t testing.TB, state *value.Dict) tap.Cursor {
	t.Helper()
	var mu sync.Mutex
	now := c.Start
	cursor, err := c.Open(func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(c.step)
		return now
	}, state)
	if err != nil {
		t.Fatalf("open with the state %s: %v", text(state), err)
	}
	return cursor
}

// answers are the records that the API gives for a slice.
func (c cursorRun) answers(s *tap.Slice) []*value.Dict {
	return slices.DeleteFunc(slices.Clone(c.Records), func(r *value.Dict) bool { return !c.Answers(s, r) })
}

// record hands out a record as the read loop has it: raw text, whose memory is used again
// afterwards.
func record(d *value.Dict) (r tap.Record, release func()) {
	raw := value.Append(nil, d)
	return tap.Record{Data: value.LazyDict(raw)}, func() { clear(raw) }
}

func observe(cursor tap.Cursor, s *tap.Slice, d *value.Dict) {
	r, release := record(d)
	cursor.Observe(s, r)
	release()
}

// given are records that a read gave, by their text.
type given map[string]int

func (g given) add(records ...*value.Dict) {
	for _, r := range records {
		g[text(r)]++
	}
}

// missing are the records that none of the reads gave.
func (c cursorRun) missing(reads ...given) []string {
	var missing []string
	for _, r := range c.Records {
		if !slices.ContainsFunc(reads, func(g given) bool { return g[text(r)] > 0 }) {
			missing = append(missing, text(r))
		}
	}
	return missing
}

// read reads everything that is left after a state, and gives the records and the state after it.
func (c cursorRun) read(t testing.TB, state *value.Dict) (given, *value.Dict) {
	t.Helper()
	cursor, got := c.open(t, state), given{}
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatalf("slices after the state %s: %v", text(state), err)
		}
		for _, r := range c.answers(s) {
			observe(cursor, s, r)
			got.add(r)
		}
		if err := cursor.Close(s); err != nil {
			t.Fatalf("close %s: %v", s.Key(), err)
		}
	}
	cursor.Finish()
	return got, saved(cursor)
}

// all takes every slice of a cursor at once.
func all(t testing.TB, cursor tap.Cursor) []*tap.Slice {
	t.Helper()
	var out []*tap.Slice
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatalf("slices: %v", err)
		}
		if out = append(out, s); len(out) > 10_000 {
			t.Fatal("the slices do not end")
		}
	}
	return out
}

// saved is the state as a later run has it: read from a file.
func saved(cursor tap.Cursor) *value.Dict {
	state := cursor.State()
	if state == nil {
		return nil
	}
	return value.LazyDict(value.Append(nil, state))
}

func text(d *value.Dict) string {
	if d == nil {
		return "none"
	}
	return string(value.AppendCompactSorted(nil, d))
}
