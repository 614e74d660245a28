package contracttest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// faults are what a fake does wrong.
type faults struct {
	ignoresState, countsObserved, countsFinish, forgets, goesToNow, losesLast, repeats, sharesState, sameVersion, hidesBroken,
	countsBroken, dropsFirst, everyStep, unlocked bool
}

// countingCursor follows whole numbers in windows of two. Its state is the greatest number below
// which all windows are closed.
type countingCursor struct {
	faults

	mu      sync.Mutex
	from    int64          // the state
	next    int64          // the first window that is not closed
	closed  map[int64]bool // by the window's start
	seen    int64
	failed  error
	version uint64
	shared  *value.Dict
}

const mostCounted = 10

func openCounting(f faults) func(func() time.Time, *value.Dict) (tap.Cursor, error) {
	return func(_ func() time.Time, state *value.Dict) (tap.Cursor, error) {
		c := &countingCursor{faults: f, closed: map[int64]bool{}}
		if state != nil && !f.ignoresState {
			n, _ := state.Get("n")
			c.from, _ = n.(int64)
		}
		c.next = c.from
		c.shared = value.DictOf("n", c.from)
		return c, nil
	}
}

func (c *countingCursor) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		end := int64(mostCounted)
		if c.losesLast {
			end -= 2
		}
		for low := c.from; low < end; low += 2 {
			for n := 0; n == 0 || n == 1 && c.repeats; n++ {
				if !yield(tap.NewSlice(nil, value.DictOf("low", low), nil), nil) {
					return
				}
			}
		}
	}
}

func (c *countingCursor) lock() func() {
	if c.unlocked {
		return func() {}
	}
	c.mu.Lock()
	return c.mu.Unlock
}

func (c *countingCursor) Observe(_ *tap.Slice, r tap.Record) {
	defer c.lock()()
	v, _ := r.Data.Get("n")
	n, ok := v.(int64)
	if !ok {
		c.failed = errors.New("no number")
		return
	}
	c.seen = max(c.seen, n+1)
	if c.countsObserved {
		c.moveTo(c.seen)
	}
}

func (c *countingCursor) moveTo(n int64) {
	c.from = n
	c.shared.Set("n", n)
	if !c.sameVersion {
		c.version++
	}
}

func (c *countingCursor) Close(s *tap.Slice) error {
	defer c.lock()()
	if c.failed != nil && !c.countsBroken {
		return c.failed
	}
	low, _ := s.Window.Get("low")
	c.closed[low.(int64)] = true
	if c.everyStep { // though an earlier window is open
		c.moveTo(low.(int64) + 2)
	}
	for c.closed[c.next] {
		c.next += 2
	}
	if reached := min(c.next, c.seen); reached > c.from && !c.everyStep {
		c.moveTo(reached)
	}
	return nil
}

func (c *countingCursor) Finish() {
	defer c.lock()()
	if c.countsFinish || c.goesToNow && c.seen == 0 {
		c.moveTo(mostCounted + 2)
	}
}

func (c *countingCursor) State() *value.Dict {
	defer c.lock()()
	switch {
	case c.forgets:
		return value.DictOf("n", int64(0))
	case c.sharesState:
		return c.shared
	}
	return c.shared.Clone()
}

func (c *countingCursor) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{
		Failed: func(*tap.Slice) error {
			defer c.lock()()
			if c.hidesBroken {
				return nil
			}
			return c.failed
		},
		StateVersion: func() uint64 { defer c.lock()(); return c.version },
		Keep: func(_ *tap.Slice, d *value.Dict) bool {
			n, _ := d.Get("n")
			return !c.dropsFirst || n != int64(0)
		},
	}
}

// TestCursorChecksFail tries the checks on a cursor that is right and on ones that break one rule
// each.
func TestCursorChecksFail(t *testing.T) {
	var records []*value.Dict
	for n := range int64(mostCounted) {
		records = append(records, value.DictOf("n", n))
	}
	for name, test := range map[string]struct {
		faults faults
		fails  string // one of the checks that must fail; empty: none may
	}{
		"right":                              {faults{}, ""},
		"loses its last window":              {faults{losesLast: true}, "a read gives every record"},
		"gives a slice twice":                {faults{repeats: true}, "a read gives every record"},
		"ignores its state":                  {faults{ignoresState: true}, "the next read goes on where a complete one ended"},
		"never moves its state":              {faults{forgets: true}, "the next read goes on where a complete one ended"},
		"counts what is only observed":       {faults{countsObserved: true}, "an interrupted read is continued without a gap"},
		"counts windows behind an open one":  {faults{everyStep: true}, "the state covers closed slices only, in any order"},
		"takes Finish for the end":           {faults{countsFinish: true}, "what is not closed at Finish is read again"},
		"takes an empty read for a full one": {faults{goesToNow: true}, "a read without records leaves the state as it was"},
		"changes a state that it gave out":   {faults{sharesState: true}, "a state that was given out does not change"},
		"keeps its version":                  {faults{sameVersion: true}, "the version changes with the state"},
		"hides a broken record":              {faults{hidesBroken: true}, "a broken record ends its slice"},
		"closes a broken slice":              {faults{countsBroken: true}, "a broken record ends its slice"},
		"drops a record inside its bounds":   {faults{dropsFirst: true}, "records inside the bounds are kept"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := cursorChecks.Failing(t, cursorRun{CursorCase: CursorCase{
				Open: openCounting(test.faults), Again: 0, Records: records, Broken: value.DictOf("n", "x"),
				Answers: func(s *tap.Slice, d *value.Dict) bool {
					low, _ := s.Window.Get("low")
					n, _ := d.Get("n")
					return low.(int64) <= n.(int64) && n.(int64) < low.(int64)+2
				},
			}})
			if test.fails == "" && len(failed) > 0 || test.fails != "" && !slices.Contains(failed, test.fails) {
				t.Errorf("failed: %q, want %q among them", failed, test.fails)
			}
		})
	}
}

// namesRouter gives a partition for each name, with faults that tests switch on.
type namesRouter struct {
	stops, once, goesOn, deaf, reuses, window, moves, global bool

	state *value.Dict
	read  bool
}

func (r *namesRouter) Open(*value.Dict) (tap.Partitions, error) { return r, nil }
func (r *namesRouter) ParentNames() []string                    { return nil }
func (r *namesRouter) GlobalOnly() bool                         { return r.global }

func (r *namesRouter) ParentState() *value.Dict {
	if !r.moves {
		return nil
	}
	if r.state == nil {
		r.state = value.NewDict(1)
	}
	return r.state
}

func (r *namesRouter) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		if r.once && r.read {
			return
		}
		r.read = true
		slice := tap.NewSlice(value.NewDict(1), nil, nil)
		for _, name := range []string{"a", "b", "c"} {
			if ctx.Err() != nil && !r.deaf {
				yield(nil, context.Cause(ctx))
				return
			}
			if !r.reuses {
				slice = tap.NewSlice(value.NewDict(1), nil, nil)
			}
			slice.Partition.Set("k", name)
			if r.window {
				slice.Window.Set("since", name)
			}
			if r.moves {
				r.ParentState().Set("at", name)
			}
			if !yield(slice, nil) {
				return
			}
		}
		if !r.stops {
			return
		}
		if yield(nil, errors.New("broken")) && r.goesOn {
			yield(slice, nil)
		}
	}
}

// TestRouterChecksFail tries the checks on a router that is right and on ones that break one rule
// each.
func TestRouterChecksFail(t *testing.T) {
	right, broken := &namesRouter{}, &namesRouter{stops: true}
	for name, test := range map[string]struct {
		router, broken *namesRouter
		fails          string // one of the checks that must fail; empty: none may
	}{
		"right":                                {right, broken, ""},
		"can be read once":                     {&namesRouter{once: true}, broken, "each partition comes once, in order, in each read"},
		"shares what a read has reached":       {&namesRouter{once: true}, broken, "reads do not disturb each other"},
		"hides an error":                       {right, right, "an error is yielded last"},
		"goes on after an error":               {right, &namesRouter{stops: true, goesOn: true}, "an error is yielded last"},
		"does not see that it is cancelled":    {&namesRouter{deaf: true}, broken, "a cancelled read ends with the reason"},
		"uses a slice again":                   {&namesRouter{reuses: true}, broken, "slices have nothing in common"},
		"gives windows":                        {&namesRouter{window: true}, broken, "each partition comes once, in order, in each read"},
		"changes a parents' state it gave out": {&namesRouter{moves: true}, broken, "a parents' state that was given out stays"},
		"says that it is global":               {&namesRouter{global: true}, broken, "parents are named"},
	} {
		t.Run(name, func(t *testing.T) {
			all := []string{`{"k":"a"}`, `{"k":"b"}`, `{"k":"c"}`}
			failed := routerChecks.Failing(t, RouterCase{Router: test.router, Partitions: all, Broken: test.broken, BeforeFault: all})
			if test.fails == "" && len(failed) > 0 || test.fails != "" && !slices.Contains(failed, test.fails) {
				t.Errorf("failed: %q, want %q among them", failed, test.fails)
			}
		})
	}
}
