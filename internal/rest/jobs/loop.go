package jobs

import (
	"context"
	"iter"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Status is what an API's word for the state of a job means.
type Status string

// The states of a job, by the names that manifests use.
const (
	Running   Status = "running"
	Completed Status = "completed"
	Failed    Status = "failed"
	TimedOut  Status = "timeout"
	Skipped   Status = "skipped" // there is nothing to download
)

// The reference runtime's numbers.
const (
	// Attempts is how often a slice's job is created.
	Attempts = 3
	// DefaultTimeout is how long a job may run where nothing else is said.
	DefaultTimeout = time.Hour
	// jobPoll is the time between two questions how a job goes.
	jobPoll = 5 * time.Second
)

// Loop reads slices as jobs that the API works off: each is created, asked after until it is done,
// downloaded and deleted. Jobs are created as the cursor gives slices, as many at a time as Slots
// allow. A job that fails or takes too long is created again, up to Attempts times. A slice whose
// jobs all fail makes the stream fail, after everything else was read. Its fields are set before
// use and shared by all reads.
type Loop struct {
	Runtime *rest.Runtime
	// Config is what templates see as config; nil: the runtime's.
	Config *value.Dict
	Stream string
	// Partitions is the partition router; nil: none.
	Partitions tap.PartitionRouter
	// Create makes a job, Poll asks after it. Abort stops one that takes too long, Delete removes
	// one that was downloaded, Targets asks where its results are; nil: there is no such request.
	Create, Poll, Abort, Delete, Targets rest.Requester
	// Status finds the API's word for the job's state in the answer to Poll; Statuses says what it
	// means.
	Status   rest.Extractor
	Statuses map[string]Status
	// Target finds what to download, in the answer to Targets or else to the last Poll; nil: one
	// download without a target.
	Target rest.Extractor
	// Download reads one target. Its cursor and partitions are not used.
	Download tap.RetrieverFactory
	// Refine makes the stream's records of the downloaded ones.
	Refine rest.Refiner
	// Slots are shared by all streams of the run.
	Slots *Slots
	// Timeout is how long a job may run; 0: DefaultTimeout. A negative one has passed when it
	// begins.
	Timeout time.Duration
	// RetryAfter is the wait before a job that the API gave up is created anew; 0: until the next
	// question.
	RetryAfter time.Duration
	// HeaderNames are spellings of header names that the templates use: creation_response.headers
	// has its members by these as well.
	HeaderNames []string
}

var _ tap.RetrieverFactory = (*Loop)(nil)

// Router is the retriever's partition router; nil: none.
func (l *Loop) Router() tap.PartitionRouter { return l.Partitions }

// WrapCursor makes a cursor whose slices come when their jobs are done. All else is c's own.
func (l *Loop) WrapCursor(c tap.Cursor) tap.Cursor {
	return &jobCursor{Cursor: c, loop: l, done: map[*tap.Slice]*job{}}
}

// Resumable is false: what a job made is gone when the next read begins.
func (l *Loop) Resumable() bool { return false }

// Open binds the loop to the cursor of one read. The jobs of slices that a wrapped cursor did not
// yield are run when the slices are read.
func (l *Loop) Open(c tap.Cursor) tap.Retriever {
	r := &jobReading{Loop: l, download: l.Download.Open(nil)}
	r.jobs, _ = c.(*jobCursor)
	if c != nil {
		r.failed = c.Abilities().Failed
	}
	return r
}

// jobCursor yields the slices of a cursor in the order in which their jobs are done. The slices
// stay the cursor's own, so that it knows them again.
type jobCursor struct {
	tap.Cursor
	loop *Loop
	mu   sync.Mutex
	done map[*tap.Slice]*job
}

// Slices yields a slice when its job is done, and last the error of those that could not be
// completed.
func (c *jobCursor) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		stopped := false
		err := c.loop.run(ctx, c.Cursor.Slices(ctx), func(s *tap.Slice, j *job) bool {
			c.mu.Lock()
			c.done[s] = j
			c.mu.Unlock()
			stopped = !yield(s, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// Abilities are those of the cursor's that have nothing to do with windows: a job reads its slice
// whole.
func (c *jobCursor) Abilities() tap.CursorAbilities {
	own := c.Cursor.Abilities()
	return tap.CursorAbilities{Failed: own.Failed, StateVersion: own.StateVersion}
}

// take gives the job of a slice, once.
func (c *jobCursor) take(s *tap.Slice) *job {
	c.mu.Lock()
	defer c.mu.Unlock()
	j := c.done[s]
	delete(c.done, s)
	return j
}

// jobReading is a job loop bound to a cursor.
type jobReading struct {
	*Loop
	failed   func(*tap.Slice) error // the cursor's; nil: it does not fail
	jobs     *jobCursor             // nil: nobody ran the jobs
	download tap.Retriever
}

// Pages downloads what a slice's job made; see tap.Retriever. The pages have no positions: a read
// that was interrupted creates the slice's job anew.
func (r *jobReading) Pages(ctx context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		if r.jobs != nil {
			if j := r.jobs.take(s); j != nil {
				r.fetch(ctx, j, yield)
				return
			}
		}
		goOn := true
		err := r.run(ctx, func(yield func(*tap.Slice, error) bool) { yield(s, nil) }, func(_ *tap.Slice, j *job) bool {
			goOn = r.fetch(ctx, j, yield)
			return goOn
		})
		if err != nil && goOn {
			yield(tap.Page{}, err)
		}
	}
}

// env has what the templates of a slice's requests know: the config, and the slice with its extra
// fields, which have names of their own as well.
func (l *Loop) env(s *tap.Slice) *jinja.Env {
	config := l.Config
	if config == nil {
		config = l.Runtime.Config
	}
	env := jinja.NewEnv(l.Runtime.Now).Set("config", config).
		Set("stream_slice", jinja.NewStreamSlice(s.Partition, s.Window, s.Extra))
	return rest.RequestEnv(env, s, nil)
}

func (l *Loop) request(s *tap.Slice) *rest.PageRequest {
	return &rest.PageRequest{Slice: s, Env: l.env(s)}
}
