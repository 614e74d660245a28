package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/rest"
	"anytap/internal/rest/jobs"
	"anytap/internal/rest/paging"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// jobAPI is an API that works off jobs, without a network. Each kind of request is a rest.Requester
// that answers from what the test says and is logged.
type jobAPI struct {
	// create answers the n-th creation of all; nil: {"id": n}.
	create func(n int, p *rest.PageRequest) (string, error)
	// poll answers the n-th question after job id; nil: done.
	poll func(id string, n int) (string, error)
	// download answers for a target; nil: a record with the target.
	download func(target string) (string, error)
	// aborted answers an abort; nil: it works.
	aborted func() error

	mu      sync.Mutex
	log     []string
	created int
	polls   map[string]int
	running int // created and not answered as anything else
	most    int
}

type requesterFunc func(p *rest.PageRequest) (string, error)

func (f requesterFunc) Send(ctx context.Context, p *rest.PageRequest, _ string, _ *rest.Parts) (*rest.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	body, err := f(p)
	if err != nil || body == "" {
		return nil, err
	}
	return rest.NewResponse(200, map[string][]string{"Content-Type": {"application/json"}, "X-Job-Id": {"h1"}}, "", []byte(body)), nil
}

func (requesterFunc) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{} }

func (a *jobAPI) note(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = append(a.log, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func variable(p *rest.PageRequest, path ...string) string {
	v, _ := p.Env.Get(path[0])
	v, _ = value.At(v, path[1:]...)
	return value.Str(v)
}

func (a *jobAPI) onCreate(p *rest.PageRequest) (string, error) {
	a.mu.Lock()
	a.created++
	n := a.created
	a.mu.Unlock()
	k, _ := p.Slice.Partition.Get("k")
	if k == nil {
		k = ""
	}
	a.note("create %s", k)
	if a.create != nil {
		return a.create(n, p)
	}
	a.mu.Lock()
	a.running++
	a.most = max(a.most, a.running)
	a.mu.Unlock()
	return fmt.Sprintf(`{"id": %d}`, n), nil
}

func (a *jobAPI) onPoll(p *rest.PageRequest) (string, error) {
	id := variable(p, "creation_response", "id")
	a.mu.Lock()
	if a.polls == nil {
		a.polls = map[string]int{}
	}
	a.polls[id]++
	n := a.polls[id]
	a.mu.Unlock()
	a.note("poll %s", id)
	status, err := "done", error(nil)
	if a.poll != nil {
		status, err = a.poll(id, n)
	}
	if err == nil && status != "running" {
		a.mu.Lock()
		a.running--
		a.mu.Unlock()
	}
	if strings.HasPrefix(status, "{") || status == "" {
		return status, err
	}
	return fmt.Sprintf(`{"status": %q, "urls": ["u%s"]}`, status, id), err
}

func (a *jobAPI) onDownload(p *rest.PageRequest) (string, error) {
	target := variable(p, "download_target")
	a.note("download %s", target)
	if a.download != nil {
		return a.download(target)
	}
	return fmt.Sprintf(`{"data": [{"id": %q}]}`, target), nil
}

func (a *jobAPI) about(what string) requesterFunc {
	return func(p *rest.PageRequest) (string, error) {
		a.note("%s %s", what, variable(p, "creation_response", "id"))
		if what == "abort" && a.aborted != nil {
			return "", a.aborted()
		}
		return "{}", nil
	}
}

// member extracts one member of an answer: the elements of a list, anything else itself.
type member string

func (m member) Extract(_ context.Context, r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err != nil {
			yield(nil, err)
			return
		}
		v, _ := rest.ParseJSON(body)
		v, _ = value.At(v, string(m))
		list, ok := v.(*value.List)
		if !ok {
			if v != nil {
				yield(v, nil)
			}
			return
		}
		for _, e := range list.All() {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// refiner hands records on in batches of batch.
type refiner struct{ batch int }

func (f refiner) Refine(_ context.Context, records iter.Seq2[any, error], p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	return func(yield func([]tap.Record, error) bool) {
		var batch []tap.Record
		for v, err := range records {
			if err != nil {
				yield(batch, err)
				return
			}
			d := v.(*value.Dict)
			if bad, _ := d.Get("id"); bad == "broken" {
				yield(batch, errors.New("a broken record"))
				return
			}
			if k, ok := p.Slice.Partition.Get("k"); ok {
				d.Set("k", k)
			}
			if batch = append(batch, tap.Record{Data: d}); len(batch) == f.batch {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// keys partitions by k; fail, if set, ends the list.
type keys struct {
	names []string
	fail  error
	given *[]string
}

func (k keys) GlobalOnly() bool      { return false }
func (k keys) ParentNames() []string { return nil }

func (k keys) Open(*value.Dict) (tap.Partitions, error) { return k, nil }
func (keys) ParentState() *value.Dict                   { return nil }

func (k keys) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for _, name := range k.names {
			if k.given != nil {
				*k.given = append(*k.given, name)
			}
			if !yield(tap.NewSlice(value.DictOf("k", name), nil, nil), nil) {
				return
			}
		}
		if k.fail != nil {
			yield(nil, k.fail)
		}
	}
}

// jobBench is a job loop over a jobAPI with a clock that does not wait.
type jobBench struct {
	*jobs.Loop
	api      *jobAPI
	clock    *resttest.Clock
	reported []error
}

func newJobBench(api *jobAPI, limit int, names ...string) *jobBench {
	b := &jobBench{api: api, clock: resttest.NewClock()}
	rt := resttest.Runtime(nil, b.clock)
	rt.Report = func(_ string, err error) { b.reported = append(b.reported, err) }
	b.Loop = &jobs.Loop{
		Runtime: rt, Stream: "items", Create: requesterFunc(api.onCreate), Poll: requesterFunc(api.onPoll),
		Status: member("status"), Target: member("urls"), Refine: refiner{}, Slots: jobs.NewSlots(limit),
		Statuses: map[string]jobs.Status{
			"running": jobs.Running, "done": jobs.Completed, "failed": jobs.Failed, "expired": jobs.TimedOut, "nodata": jobs.Skipped,
		},
		Download: &paging.Loop{Runtime: rt, Stream: "items", Requester: requesterFunc(api.onDownload), Selector: &resttest.Data{}},
	}
	if len(names) > 0 {
		b.Partitions = keys{names: names}
	}
	return b
}

// read reads the stream slice after slice, as a parent stream is read.
func (b *jobBench) read(ctx context.Context) (ids []string, err error) {
	cursor, err := contract.NoCursor{}.Open(tap.StartingPoint{}, b.Router())
	if err != nil {
		return nil, err
	}
	cursor = b.WrapCursor(cursor)
	retriever := b.Open(cursor)
	for s, err := range cursor.Slices(ctx) {
		if err != nil {
			return ids, err
		}
		got, err := resttest.IDs(retriever.Pages(ctx, s))
		if ids = append(ids, got...); err != nil {
			return ids, err
		}
	}
	return ids, nil
}

func kindError(kind tap.Kind) error { return tap.Errorf(kind, "refused") }

func wantJobError(t *testing.T, err error, text string, kind tap.Kind) {
	t.Helper()
	switch {
	case text == "" && err != nil:
		t.Errorf("unexpected error: %v", err)
	case text != "" && (err == nil || !strings.Contains(err.Error(), text)):
		t.Errorf("error is %v, expected one with %q", err, text)
	case text != "" && tap.KindOf(err) != kind:
		t.Errorf("error is a %s, expected a %s", tap.KindOf(err), kind)
	}
}

// wantFree checks that all slots were given back, by reading as many partitions at once.
func wantFree(t *testing.T, slots *jobs.Slots, n int) {
	t.Helper()
	var names []string
	for i := range n {
		names = append(names, fmt.Sprint(i))
	}
	api := &jobAPI{}
	b := newJobBench(api, 1, names...)
	b.Slots = slots
	if _, err := b.read(t.Context()); err != nil || api.most != n {
		t.Errorf("afterwards %d jobs could run at once (%v), expected %d", api.most, err, n)
	}
}
