package jobs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
)

// jobsTest is what is read of an API's jobs.
type jobsTest struct {
	api        *jobAPI // nil: everything works
	limit      int
	partitions []string
	change     func(*jobBench)
	want       string // records
	log        string
	err        string // part of the error; empty: none
	kind       tap.Kind
	slept      time.Duration
	reported   int
}

var jobsTests = map[string]jobsTest{
	"one job": {want: "u1", log: "create, poll 1, download u1"},
	"a job that takes its time": {
		api: &jobAPI{poll: func(_ string, n int) (string, error) {
			if n < 3 {
				return "running", nil
			}
			return "done", nil
		}},
		want: "u1", log: "create, poll 1, poll 1, poll 1, download u1", slept: 10 * time.Second,
	},
	"deleted after the download": {
		change: func(b *jobBench) { b.Delete = b.api.about("delete") },
		want:   "u1", log: "create, poll 1, download u1, delete 1",
	},
	"one after the other": {
		partitions: []string{"a", "b"}, want: "u1 u2",
		log: "create a, poll 1, download u1, create b, poll 2, download u2",
	},
	"two at a time": {
		limit: 2, partitions: []string{"a", "b", "c"}, want: "u1 u2 u3",
		log: "create a, create b, poll 1, poll 2, download u1, download u2, create c, poll 3, download u3",
	},
	"skipped": {
		api:        &jobAPI{poll: func(string, int) (string, error) { return "nodata", nil }},
		partitions: []string{"a"}, log: "create a, poll 1",
	},
	"a failed job is created anew": {
		api: &jobAPI{poll: func(id string, _ int) (string, error) {
			if id == "1" {
				return "failed", nil
			}
			return "done", nil
		}},
		want: "u2", log: "create, poll 1, create, poll 2, download u2", slept: 5 * time.Second,
	},
	"three failures are too many, other slices are read": {
		api: &jobAPI{poll: func(id string, _ int) (string, error) {
			if id == "4" {
				return "done", nil
			}
			return "failed", nil
		}},
		partitions: []string{"a", "b"}, want: "u4", slept: 10 * time.Second, err: `{"k":"a"}`, kind: tap.System,
		log: "create a, poll 1, create a, poll 2, create a, poll 3, create b, poll 4, download u4",
	},
	"the API's own timeout": {
		api:    &jobAPI{poll: func(string, int) (string, error) { return "expired", nil }},
		change: func(b *jobBench) { b.Abort = b.api.about("abort") },
		log:    "create, poll 1, abort 1, create, poll 2, abort 2, create, poll 3, abort 3",
		slept:  10 * time.Second, err: "ended as timeout", kind: tap.System,
	},
	"an abort that fails is no failure of its own": {
		api: &jobAPI{
			poll: func(id string, _ int) (string, error) {
				if id == "1" {
					return "expired", nil
				}
				return "done", nil
			},
			aborted: func() error { return kindError(tap.Config) },
		},
		change: func(b *jobBench) { b.Abort = b.api.about("abort") },
		want:   "u2", log: "create, poll 1, abort 1, create, poll 2, download u2", slept: 5 * time.Second,
	},
	"a time that is over when it begins": {
		change: func(b *jobBench) { b.Timeout = -time.Minute; b.Abort = b.api.about("abort") },
		log:    "create, abort 1, create, abort 2, create, abort 3",
		slept:  10 * time.Second, err: "ended as timeout", kind: tap.System,
	},
	"creation fails and works again": {
		api: &jobAPI{create: func(n int, _ *rest.PageRequest) (string, error) {
			if n == 1 {
				return "", kindError(tap.Transient)
			}
			return fmt.Sprintf(`{"id": %d}`, n), nil
		}},
		want: "u2", log: "create, create, poll 2, download u2", slept: 5 * time.Second, reported: 1,
	},
	"creation fails for good": {
		api: &jobAPI{create: func(int, *rest.PageRequest) (string, error) { return "", kindError(tap.Transient) }},
		log: "create, create, create", slept: 10 * time.Second, reported: 3, err: "refused", kind: tap.System,
	},
	"an ignored creation is none": {
		api: &jobAPI{create: func(int, *rest.PageRequest) (string, error) { return "", nil }},
		log: "create, create, create", slept: 10 * time.Second, reported: 3, err: "refused or ignored", kind: tap.System,
	},
	"a creation that describes nothing": {
		api: &jobAPI{create: func(int, *rest.PageRequest) (string, error) { return "queued", nil }},
		log: "create, create, create", slept: 10 * time.Second, reported: 3, err: "no JSON", kind: tap.System,
	},
	"credentials that are refused end everything": {
		api: &jobAPI{create: func(n int, _ *rest.PageRequest) (string, error) {
			if n == 2 {
				return "", kindError(tap.Config)
			}
			return fmt.Sprintf(`{"id": %d}`, n), nil
		}},
		limit: 2, partitions: []string{"a", "b", "c"},
		change: func(b *jobBench) { b.Abort = b.api.about("abort") },
		log:    "create a, create b, abort 1", err: "refused", kind: tap.Config,
	},
	"credentials that are refused while asking": {
		api:    &jobAPI{poll: func(string, int) (string, error) { return "", kindError(tap.Config) }},
		change: func(b *jobBench) { b.Abort = b.api.about("abort") },
		log:    "create, poll 1, abort 1", err: "refused", kind: tap.Config,
	},
	"a budget that is used up": {
		api:    &jobAPI{poll: func(string, int) (string, error) { return "", &tap.BudgetError{Limit: "max_requests"} }},
		change: func(b *jobBench) { b.Abort = b.api.about("abort") },
		log:    "create, poll 1", err: "max_requests", kind: tap.System,
	},
	"an error while asking is told in the end": {
		api: &jobAPI{poll: func(_ string, n int) (string, error) {
			if n == 1 {
				return "", kindError(tap.Transient)
			}
			return "done", nil
		}},
		want: "u1", log: "create, poll 1, poll 1, download u1", slept: 5 * time.Second, err: "refused", kind: tap.System,
	},
	"the slices end with an error": {
		change: func(b *jobBench) { b.Partitions = keys{names: []string{"a"}, fail: kindError(tap.Transient)} },
		limit:  2, want: "u1", log: "create a, poll 1, download u1", err: "refused", kind: tap.System,
	},
	"a wait before a failed job is created anew": {
		api: &jobAPI{poll: func(id string, _ int) (string, error) {
			if id == "1" {
				return "failed", nil
			}
			return "done", nil
		}},
		change: func(b *jobBench) { b.RetryAfter = 12 * time.Second },
		want:   "u2", log: "create, poll 1, create, poll 2, download u2", slept: 12 * time.Second,
	},
	"others go on while one waits": {
		api: &jobAPI{poll: func(id string, n int) (string, error) {
			switch {
			case id == "1":
				return "failed", nil
			case id == "2" && n < 3:
				return "running", nil
			}
			return "done", nil
		}},
		limit: 2, partitions: []string{"a", "b"}, change: func(b *jobBench) { b.RetryAfter = 12 * time.Second },
		want: "u2 u3", slept: 12 * time.Second,
		log: "create a, create b, poll 1, poll 2, poll 2, poll 2, download u2, create a, poll 3, download u3",
	},
	"a job without targets": {
		api:    &jobAPI{poll: func(string, int) (string, error) { return `{"status": "done"}`, nil }},
		change: func(b *jobBench) { b.Delete = b.api.about("delete") },
		log:    "create, poll 1, delete 1",
	},
	"several targets": {
		api:  &jobAPI{poll: func(string, int) (string, error) { return `{"status": "done", "urls": ["x", "y"]}`, nil }},
		want: "x y", log: "create, poll 1, download x, download y",
	},
	"no target extractor": {
		change: func(b *jobBench) {
			b.Target = nil
			b.api.download = func(string) (string, error) { return `{"data": [{"id": 7}]}`, nil }
		},
		want: "7", log: "create, poll 1, download",
	},
	"a request of its own for targets": {
		change: func(b *jobBench) {
			b.Targets = requesterFunc(func(p *rest.PageRequest) (string, error) {
				b.api.note("targets of %s, %d", variable(p, "polling_response", "urls"), p.Slice.Partition.Len())
				return `{"urls": ["z"]}`, nil
			})
		},
		partitions: []string{"a"}, want: "z", log: "create a, poll 1, targets of ['u1'], 0, download z",
	},
	"targets that nobody answers": {
		change: func(b *jobBench) {
			b.Targets = requesterFunc(func(*rest.PageRequest) (string, error) { return "", nil })
			b.Delete = b.api.about("delete")
		},
		log: "create, poll 1", err: "brought no answer", kind: tap.System,
	},
	"a download that fails": {
		api:    &jobAPI{download: func(string) (string, error) { return "", kindError(tap.Transient) }},
		change: func(b *jobBench) { b.Delete = b.api.about("delete") },
		log:    "create, poll 1, download u1", err: "refused", kind: tap.Transient,
	},
	"what a broken record came with is read": {
		api: &jobAPI{download: func(string) (string, error) {
			return `{"data": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": "broken"}]}`, nil
		}},
		change: func(b *jobBench) { b.Refine = refiner{batch: 2} },
		want:   "1 2 3", log: "create, poll 1, download u1", err: "broken", kind: tap.System,
	},
	"records in batches": {
		api:    &jobAPI{download: func(string) (string, error) { return `{"data": [{"id": 1}, {"id": 2}, {"id": 3}]}`, nil }},
		change: func(b *jobBench) { b.Refine = refiner{batch: 2} },
		want:   "1 2 3", log: "create, poll 1, download u1",
	},
	"nothing in a download": {
		api:  &jobAPI{download: func(string) (string, error) { return `{"data": []}`, nil }},
		want: "", log: "create, poll 1, download u1",
	},
	"headers of the creation": {
		change: func(b *jobBench) {
			b.HeaderNames = []string{"x-job-id", "absent"}
			b.Delete = requesterFunc(func(p *rest.PageRequest) (string, error) {
				b.api.note("delete %s %s", variable(p, "creation_response", "headers", "X-Job-Id"), variable(p, "creation_response", "headers", "x-job-id"))
				return "{}", nil
			})
		},
		want: "u1", log: "create, poll 1, download u1, delete h1 h1",
	},
}

func TestJobs(t *testing.T) {
	for name, test := range jobsTests {
		t.Run(name, test.run)
	}
}

func (test jobsTest) run(t *testing.T) {
	api := test.api
	if api == nil {
		api = &jobAPI{}
	}
	b := newJobBench(api, test.limit, test.partitions...)
	if test.change != nil {
		test.change(b)
	}
	ids, err := b.read(t.Context())
	resttest.WantIDs(t, ids, test.want)
	if got := strings.Join(b.api.log, ", "); got != test.log {
		t.Errorf("requests\n got %s\nwant %s", got, test.log)
	}
	wantJobError(t, err, test.err, test.kind)
	if got := b.clock.Slept(); got != test.slept {
		t.Errorf("waited %s, expected %s", got, test.slept)
	}
	if len(b.reported) != test.reported {
		t.Errorf("reported %v, expected %d errors", b.reported, test.reported)
	}
	wantFree(t, b.Slots, max(test.limit, 1))
}
