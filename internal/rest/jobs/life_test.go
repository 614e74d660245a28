package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/rest/jobs"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// TestJobTimeout lets jobs run too long: the time that the consumer takes does not count.
func TestJobTimeout(t *testing.T) {
	api := &jobAPI{poll: func(id string, n int) (string, error) {
		if id == "1" || n > 3 {
			return "done", nil
		}
		return "running", nil
	}}
	b := newJobBench(api, 2, "a", "b")
	b.Timeout = 20 * time.Second
	b.Abort = api.about("abort")
	api.download = func(target string) (string, error) {
		_ = b.clock.Sleep(t.Context(), time.Hour)
		return fmt.Sprintf(`{"data": [{"id": %q}]}`, target), nil
	}
	ids, err := b.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "u1 u2")

	api = &jobAPI{poll: func(string, int) (string, error) { return "running", nil }}
	b = newJobBench(api, 1)
	b.Abort = api.about("abort")
	b.Timeout = 12 * time.Second
	_, err = b.read(t.Context())
	wantJobError(t, err, "ended as timeout", tap.System)
	want := "create, poll 1, poll 1, poll 1, abort 1, create, poll 2, poll 2, poll 2, abort 2, create, poll 3, poll 3, poll 3, abort 3"
	if got := strings.Join(api.log, ", "); got != want {
		t.Errorf("requests\n got %s\nwant %s", got, want)
	}
}

// TestJobsThatCanNotBeAskedAfter end instead of going on for ever.
func TestJobsThatCanNotBeAskedAfter(t *testing.T) {
	for name, answer := range map[string]func() (string, error){
		"an unknown status": func() (string, error) { return "exploded", nil },
		"no status":         func() (string, error) { return "{}", nil },
		"ignored answers":   func() (string, error) { return "", nil },
		"failing requests":  func() (string, error) { return "", kindError(tap.Transient) },
	} {
		t.Run(name, func(t *testing.T) {
			api := &jobAPI{poll: func(string, int) (string, error) { return answer() }}
			b := newJobBench(api, 1)
			_, err := b.read(t.Context())
			wantJobError(t, err, "not all asynchronous jobs", tap.System)
			if api.created != jobs.Attempts || len(api.log) > 60 || b.clock.Slept() > 5*time.Minute {
				t.Errorf("%d jobs, %d requests, waited %s", api.created, len(api.log), b.clock.Slept())
			}
		})
	}
}

// TestParentsWithJobs: slices that are themselves made by jobs need slots too.
func TestParentsWithJobs(t *testing.T) {
	slots := jobs.NewSlots(1)
	parent := newJobBench(&jobAPI{}, 1, "a", "b", "c")
	parent.Slots = slots
	child := newJobBench(&jobAPI{}, 1)
	child.Slots, child.Partitions = slots, parentKeys{parent}
	ids, err := child.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "u1 u2 u3")
	if child.api.created != 3 || parent.api.created != 3 {
		t.Errorf("%d and %d jobs were created, expected 3 and 3", parent.api.created, child.api.created)
	}
}

// parentKeys partitions by the records of a stream of jobs.
type parentKeys struct{ parent *jobBench }

func (k parentKeys) GlobalOnly() bool      { return false }
func (k parentKeys) ParentNames() []string { return nil }

func (k parentKeys) Open(*value.Dict) (tap.Partitions, error) { return k, nil }
func (parentKeys) ParentState() *value.Dict                   { return nil }

func (k parentKeys) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		inner, err := contract.NoCursor{}.Open(tap.StartingPoint{}, k.parent.Router())
		if err != nil {
			yield(nil, err)
			return
		}
		cursor := k.parent.WrapCursor(inner)
		for r, err := range taptest.ReadAll(ctx, &tap.Reading{Cursor: cursor, Retriever: k.parent.Open(cursor)}) {
			if err != nil {
				yield(nil, err)
				return
			}
			id, _ := r.Data.Get("id")
			if !yield(tap.NewSlice(value.DictOf("k", value.Str(id)), nil, nil), nil) {
				return
			}
		}
	}
}

// TestSlotsAreShared reads streams at the same time.
func TestSlotsAreShared(t *testing.T) {
	slots := jobs.NewSlots(2)
	api := &jobAPI{poll: func(_ string, n int) (string, error) {
		if n < 2 {
			return "running", nil
		}
		return "done", nil
	}}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			b := newJobBench(api, 1, "a", "b", "c")
			b.Slots = slots
			if ids, err := b.read(t.Context()); err != nil || len(ids) != 3 {
				t.Errorf("%v, %v", ids, err)
			}
		})
	}
	wg.Wait()
	if api.most != 2 {
		t.Errorf("%d jobs ran at once, expected 2", api.most)
	}
}

// TestJobsOfUnwrappedCursors are run when their slice is read.
func TestJobsOfUnwrappedCursors(t *testing.T) {
	b := newJobBench(&jobAPI{}, 1)
	ids, err := resttest.IDs(b.Open(nil).Pages(t.Context(), tap.NewSlice(nil, nil, nil)))
	if err != nil {
		t.Fatal(err)
	}
	resttest.WantIDs(t, ids, "u1")

	b = newJobBench(&jobAPI{poll: func(string, int) (string, error) { return "failed", nil }}, 1)
	_, err = resttest.IDs(b.Open(nil).Pages(t.Context(), tap.NewSlice(nil, nil, nil)))
	wantJobError(t, err, "not all asynchronous jobs", tap.System)

	b = newJobBench(&jobAPI{download: func(string) (string, error) { return "", kindError(tap.Transient) }}, 1)
	_, err = resttest.IDs(b.Open(nil).Pages(t.Context(), tap.NewSlice(nil, nil, nil)))
	wantJobError(t, err, "refused", tap.Transient)
}

// TestJobsStop ends reads early: by the consumer and from outside.
func TestJobsStop(t *testing.T) {
	var given []string
	b := newJobBench(&jobAPI{}, 2)
	b.Partitions = keys{names: []string{"a", "b", "c", "d"}, given: &given}
	inner, _ := contract.NoCursor{}.Open(tap.StartingPoint{}, b.Router())
	for range b.WrapCursor(inner).Slices(t.Context()) {
		break
	}
	if !slices.Equal(given, []string{"a", "b"}) {
		t.Errorf("slices %v were asked for, expected a and b", given)
	}
	wantFree(t, b.Slots, 2)

	ctx, cancel := context.WithCancel(t.Context())
	b = newJobBench(&jobAPI{poll: func(string, int) (string, error) { cancel(); return "running", nil }}, 1, "a", "b")
	b.Abort = b.api.about("abort")
	_, err := b.read(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, expected that of the context", err)
	}
	wantFree(t, b.Slots, 1)
}

// TestJobCursor keeps what a cursor can do besides.
func TestJobCursor(t *testing.T) {
	b := newJobBench(&jobAPI{}, 1)
	inner, _ := contract.NoCursor{}.Open(tap.StartingPoint{}, nil)
	if b.WrapCursor(inner).Abilities().StateVersion != nil {
		t.Error("a cursor without versions got some")
	}
	odd := &oddCursor{Cursor: inner}
	cursor := b.WrapCursor(odd)
	abilities := cursor.Abilities()
	if abilities.StateVersion == nil || abilities.StateVersion() != 42 {
		t.Error("the version is lost")
	}
	for s := range cursor.Slices(t.Context()) {
		odd.err = errors.New("no number")
		_, err := resttest.IDs(b.Open(cursor).Pages(t.Context(), s))
		if err == nil || err.Error() != "no number" || abilities.Failed(s) == nil {
			t.Errorf("error is %v, expected the cursor's", err)
		}
	}
}

type oddCursor struct {
	tap.Cursor
	err error
}

func (c *oddCursor) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{
		StateVersion: func() uint64 { return 42 },
		Failed:       func(*tap.Slice) error { return c.err },
	}
}
