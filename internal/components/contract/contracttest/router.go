package contracttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"anytap/internal/suite"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// RouterCase is a partition router and what it has to give.
type RouterCase struct {
	Router tap.PartitionRouter
	// Partitions are the JSON texts of the partitions, in order. A router that leaves out what came
	// before is given some twice.
	Partitions []string
	// Broken is a router of the same kind that fails in the end, after the partitions BeforeFault;
	// nil: the kind can not fail.
	Broken      tap.PartitionRouter
	BeforeFault []string
	// Parents are the names of the streams that the partitions are made from.
	Parents []string
	// GlobalOnly says that partitions have no state of their own.
	GlobalOnly bool
}

// Router checks what every tap.PartitionRouter has to do.
func Router(t *testing.T, c RouterCase) {
	t.Helper()
	routerChecks.Run(t, c)
}

var routerChecks = suite.Checks[RouterCase]{
	"each partition comes once, in order, in each read": routerGivesAll,
	"reads do not disturb each other":                   routerIsShared,
	"an error is yielded last":                          routerFails,
	"a cancelled read ends with the reason":             routerIsCancelled,
	"the consumer stops":                                routerStops,
	"slices have nothing in common":                     routerGivesOwnSlices,
	"a parents' state that was given out stays":         routerGivesSnapshots,
	"parents are named":                                 routerNamesParents,
}

func openRouter(t testing.TB, r tap.PartitionRouter) tap.Partitions {
	t.Helper()
	p, err := r.Open(nil)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return p
}

// partitions reads a router to its end.
func partitions(t testing.TB, ctx context.Context, p tap.Partitions) (texts []string, end error) { //nolint:revive // t comes first
	t.Helper()
	for s, err := range p.All(ctx) {
		switch {
		case end != nil:
			t.Errorf("something follows the error %v", end)
		case err != nil:
			end = err
		case s.Window.Len() > 0 || s.Resume != nil:
			t.Errorf("the slice %s has more than a partition", s.Key())
		default:
			texts = append(texts, string(value.Append(nil, s.Partition)))
		}
		if len(texts) > 10_000 {
			t.Fatal("the partitions do not end")
		}
	}
	return texts, end
}

func same(t testing.TB, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the partitions are %q, want %q", got, want)
	}
}

func routerGivesAll(t testing.TB, c RouterCase) {
	for range 2 {
		got, err := partitions(t, context.Background(), openRouter(t, c.Router))
		if err != nil {
			t.Error(err)
		}
		same(t, got, c.Partitions)
	}
}

// routerIsShared takes partitions of two reads in turn.
func routerIsShared(t testing.TB, c RouterCase) {
	other := openRouter(t, c.Router)
	var got []string
	for s, err := range openRouter(t, c.Router).All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(value.Append(nil, s.Partition)))
		if other != nil {
			all, err := partitions(t, context.Background(), other)
			if err != nil {
				t.Error(err)
			}
			same(t, all, c.Partitions)
			other = nil
		}
	}
	same(t, got, c.Partitions)
}

func routerFails(t testing.TB, c RouterCase) {
	if c.Broken == nil {
		return
	}
	got, err := partitions(t, context.Background(), openRouter(t, c.Broken))
	if err == nil {
		t.Error("the broken router did not fail")
	}
	same(t, got, c.BeforeFault)
}

func routerIsCancelled(t testing.TB, c RouterCase) {
	reason := errors.New("the user went away")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(fmt.Errorf("cancelled: %w", reason))
	got, err := partitions(t, ctx, openRouter(t, c.Router))
	if len(got) > 0 || len(c.Partitions) > 0 && !errors.Is(err, reason) && !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before it began, the read gave %q and the error %v", got, err)
	}
	ctx, cancel = context.WithCancelCause(context.Background())
	defer cancel(nil)
	for _, err := range openRouter(t, c.Router).All(ctx) {
		if err != nil && !errors.Is(err, reason) && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled on the way, the read ended with %v", err)
		}
		cancel(reason)
	}
}

func routerStops(t testing.TB, c RouterCase) {
	for n := range c.Partitions {
		p := openRouter(t, c.Router)
		left := n
		for range p.All(context.Background()) {
			if left--; left < 0 {
				break // the language itself panics where a partition follows
			}
		}
		p.ParentState()
	}
}

// routerGivesOwnSlices spoils each slice before the next one is asked for.
func routerGivesOwnSlices(t testing.TB, c RouterCase) {
	var got []string
	seen := map[*tap.Slice]bool{}
	for s, err := range openRouter(t, c.Router).All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[s] {
			t.Errorf("one slice comes twice: %s", s.Key())
		}
		seen[s] = true
		got = append(got, string(value.Append(nil, s.Partition)))
		for _, name := range s.Partition.Keys() {
			s.Partition.Set(name, "spoilt")
		}
	}
	same(t, got, c.Partitions)
}

func routerGivesSnapshots(t testing.TB, c RouterCase) {
	p := openRouter(t, c.Router)
	var states []*value.Dict
	var texts []string
	take := func() {
		state := p.ParentState()
		states, texts = append(states, state), append(texts, text(state))
	}
	for _, err := range p.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		take()
	}
	take()
	for i, state := range states {
		if got := text(state); got != texts[i] {
			t.Errorf("the parents' state %d became %s, was %s", i, got, texts[i])
		}
	}
}

func routerNamesParents(t testing.TB, c RouterCase) {
	if got := c.Router.ParentNames(); !slices.Equal(got, c.Parents) {
		t.Errorf("the parents are %q, want %q", got, c.Parents)
	}
	if c.Router.GlobalOnly() != c.GlobalOnly {
		t.Errorf("GlobalOnly is %v", !c.GlobalOnly)
	}
	if state := openRouter(t, c.Router).ParentState(); len(c.Parents) == 0 && state != nil && state.Len() > 0 {
		t.Errorf("without parents their state is %s", text(state))
	}
}
