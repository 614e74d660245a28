package contracttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

func cursorReadsAll(t testing.TB, c cursorRun) {
	if len(c.Records) < 5 {
		t.Fatal("the case has fewer than five records")
	}
	got, _ := c.read(t, nil)
	if missing := c.missing(got); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
	seen := map[string]bool{}
	for _, s := range all(t, c.open(t, nil)) {
		if seen[s.Key()] {
			t.Errorf("the slice %s comes twice", s.Key())
		}
		seen[s.Key()] = true
	}
}

func cursorGoesOn(t testing.TB, c cursorRun) {
	_, state := c.read(t, nil)
	if c.Stateless != (state == nil) {
		t.Fatalf("the state is %s", text(state))
	}
	for range 2 { // also after a read that found nothing new
		var again given
		again, state = c.read(t, state)
		if n := len(again); n != c.Again {
			t.Errorf("%d records come again, want %d: %v", n, c.Again, again)
		}
	}
}

// cursorIsInterrupted stops a read after each record and each slice, and continues it from the
// state of that moment.
func cursorIsInterrupted(t testing.TB, c cursorRun) {
	for at := 0; ; at++ {
		cursor, written := c.open(t, nil), given{}
		ended := c.readUntil(t, cursor, written, at)
		rest, _ := c.read(t, saved(cursor))
		if missing := c.missing(written, rest); len(missing) > 0 {
			t.Errorf("interrupted after %d steps with the state %s: missing %v", at, text(cursor.State()), missing)
		}
		if ended {
			return
		}
	}
}

// readUntil goes so many steps, a record or the end of a slice each. Only the records of closed
// slices count as written. It reports whether that was the whole read.
func (c cursorRun) readUntil(t testing.TB, cursor tap.Cursor, written given, steps int) (ended bool) {
	t.Helper()
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		answers := c.answers(s)
		for _, r := range answers {
			if steps--; steps < 0 {
				return false
			}
			observe(cursor, s, r)
		}
		if steps--; steps < 0 {
			return false
		}
		if err := cursor.Close(s); err != nil {
			t.Fatal(err)
		}
		written.add(answers...)
	}
	return true
}

// cursorClosesInAnyOrder has all slices open at once and continues the read after each Close.
func cursorClosesInAnyOrder(t testing.TB, c cursorRun) {
	orders := map[string]func([]*tap.Slice){
		"in order":       func([]*tap.Slice) {},
		"backwards":      func(s []*tap.Slice) { slices.Reverse(s) },
		"the last first": func(s []*tap.Slice) { s[0], s[len(s)-1] = s[len(s)-1], s[0] },
	}
	for name, order := range orders {
		cursor, written := c.open(t, nil), given{}
		open := all(t, cursor)
		for _, s := range open {
			for _, r := range c.answers(s) {
				observe(cursor, s, r)
			}
		}
		order(open)
		for i, s := range open {
			if err := cursor.Close(s); err != nil {
				t.Fatal(err)
			}
			written.add(c.answers(s)...)
			rest, _ := c.read(t, saved(cursor))
			if missing := c.missing(written, rest); len(missing) > 0 {
				t.Errorf("%s: after %d of %d slices the state is %s: missing %v", name, i+1, len(open), text(cursor.State()), missing)
			}
		}
	}
}

func cursorFinishesEarly(t testing.TB, c cursorRun) {
	n := len(all(t, c.open(t, nil)))
	for left := range n {
		cursor, written := c.open(t, nil), given{}
		for i, s := range all(t, cursor) {
			for _, r := range c.answers(s) {
				observe(cursor, s, r)
			}
			if i == left {
				continue
			}
			if err := cursor.Close(s); err != nil {
				t.Fatal(err)
			}
			written.add(c.answers(s)...)
		}
		cursor.Finish()
		rest, _ := c.read(t, saved(cursor))
		if missing := c.missing(written, rest); len(missing) > 0 {
			t.Errorf("slice %d was not closed, and the state is %s: missing %v", left, text(cursor.State()), missing)
		}
	}
}

func cursorReadsNothing(t testing.TB, c cursorRun) {
	empty := c
	empty.Records = nil
	_, fresh := empty.read(t, nil)
	if got, _ := c.read(t, fresh); len(c.missing(got)) > 0 && !c.PartitionsEnd {
		t.Errorf("a first read without records left the state %s, after which are missing: %v", text(fresh), c.missing(got))
	}
	_, before := c.read(t, nil)
	if _, after := empty.read(t, before); text(after) != text(before) {
		t.Errorf("the state became %s, was %s", text(after), text(before))
	}
}

// states calls visit after each step of a read.
func (c cursorRun) states(t testing.TB, visit func(cursor tap.Cursor)) {
	t.Helper()
	cursor := c.open(t, nil)
	visit(cursor)
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		visit(cursor)
		for _, r := range c.answers(s) {
			observe(cursor, s, r)
			visit(cursor)
		}
		if err := cursor.Close(s); err != nil {
			t.Fatal(err)
		}
		visit(cursor)
	}
	cursor.Finish()
	visit(cursor)
}

func cursorGivesSnapshots(t testing.TB, c cursorRun) {
	var states []*value.Dict
	var texts []string
	c.states(t, func(cursor tap.Cursor) {
		states = append(states, cursor.State())
		texts = append(texts, text(states[len(states)-1]))
	})
	for i, state := range states {
		if got := text(state); got != texts[i] {
			t.Errorf("state %d became %s, was %s", i, got, texts[i])
		}
	}
}

func cursorNumbersStates(t testing.TB, c cursorRun) {
	known := map[uint64]string{}
	c.states(t, func(cursor tap.Cursor) {
		version := cursor.Abilities().StateVersion
		if version == nil {
			return
		}
		state := text(cursor.State())
		if before, ok := known[version()]; ok && before != state {
			t.Errorf("version %d is %s and %s", version(), before, state)
		}
		known[version()] = state
	})
}

func cursorFails(t testing.TB, c cursorRun) {
	cursor := c.open(t, nil)
	failed := cursor.Abilities().Failed
	if (failed != nil) != (c.Broken != nil) {
		t.Fatalf("the ability to fail is %v, the case has the broken record %s", failed != nil, text(c.Broken))
	}
	if failed == nil {
		return
	}
	s := all(t, cursor)[0]
	before := text(cursor.State())
	if err := failed(s); err != nil {
		t.Fatalf("failed before its first record: %v", err)
	}
	observe(cursor, s, c.Broken)
	for _, r := range c.answers(s) {
		observe(cursor, s, r)
	}
	err := failed(s)
	if err == nil {
		t.Fatalf("the record %s did not end the slice", text(c.Broken))
	}
	if closed := cursor.Close(s); closed == nil || closed.Error() != err.Error() {
		t.Errorf("closed with %v, failed with %v", closed, err)
	}
	cursor.Finish()
	if after := text(cursor.State()); after != before {
		t.Errorf("the state became %s, was %s", after, before)
	}
}

func cursorKeeps(t testing.TB, c cursorRun) {
	cursor := c.open(t, nil)
	keep := cursor.Abilities().Keep
	if keep == nil {
		return
	}
	kept := given{}
	for _, s := range all(t, cursor) {
		for _, d := range c.answers(s) {
			r, release := record(d)
			if keep(s, r.Data) {
				kept.add(d)
			}
			release()
		}
	}
	if missing := c.missing(kept); len(missing) > 0 {
		t.Errorf("dropped in every slice that gave them: %v", missing)
	}
}

// cursorIsShared does what the read loop does, for the race detector: one goroutine makes slices,
// several read them, and one writes.
func cursorIsShared(t testing.TB, c cursorRun) {
	type read struct {
		slice   *tap.Slice
		records []*value.Dict
	}
	cursor := c.open(t, nil)
	abilities := cursor.Abilities()
	made, done := make(chan *tap.Slice), make(chan read)
	var failure error
	go func() {
		defer close(made)
		for s, err := range cursor.Slices(context.Background()) {
			if err != nil {
				failure = err
				return
			}
			made <- s
		}
	}()
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for s := range made {
				answers := c.answers(s)
				for _, r := range answers {
					useAbilities(abilities, s, r)
				}
				done <- read{s, answers}
			}
		})
	}
	go func() { readers.Wait(); close(done) }()
	written := given{}
	for r := range done {
		for _, d := range r.records {
			observe(cursor, r.slice, d)
			cursor.State()
		}
		if err := cursor.Close(r.slice); err != nil {
			t.Errorf("close %s: %v", r.slice.Key(), err)
		}
		written.add(r.records...)
	}
	cursor.Finish()
	if failure != nil {
		t.Fatal(failure)
	}
	if missing := c.missing(written); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
	if again, _ := c.read(t, saved(cursor)); len(again) != c.Again {
		t.Errorf("%d records come again, want %d: %v", len(again), c.Again, again)
	}
}

// useAbilities calls what may be called by many goroutines at once.
func useAbilities(a tap.CursorAbilities, s *tap.Slice, d *value.Dict) {
	r, release := record(d)
	defer release()
	if a.Keep != nil {
		a.Keep(s, r.Data)
	}
	if a.Split != nil {
		a.Split(s, 0)
	}
	if a.Narrow != nil {
		n := a.Narrow(s)
		n.Observe(r.Data)
		n.Rest()
	}
	if a.Failed != nil {
		_ = a.Failed(s)
	}
	if a.StateVersion != nil {
		a.StateVersion()
	}
}

func cursorStops(t testing.TB, c cursorRun) {
	cursor := c.open(t, nil)
	for range cursor.Slices(context.Background()) {
		break // the language itself panics where a slice follows
	}
	if got, _ := c.read(t, saved(cursor)); len(c.missing(got)) > 0 {
		t.Errorf("a read that was stopped at once left the state %s: missing %v", text(cursor.State()), c.missing(got))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("the user went away")
	n := 0
	for _, err := range c.open(t, nil).Slices(ctx) {
		if err != nil && !errors.Is(err, reason) && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		cancel(fmt.Errorf("cancelled: %w", reason))
		if n++; n > 10_000 {
			t.Fatal("the slices do not end")
		}
	}
	cancel(nil)
}
