package resttest

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// recorder stands for the testing.TB of a check that is itself under test: it keeps the failures.
type recorder struct {
	testing.TB

	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Error(args ...any) { r.Errorf("%s", fmt.Sprint(args...)) }

func (r *recorder) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failing runs each check on a case of its own and names those that fail, in order.
func failing[C any](t *testing.T, checks map[string]func(testing.TB, C), fresh func() C) []string {
	t.Helper()
	var names []string
	for name, check := range checks {
		r := &recorder{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			check(r, fresh())
		}()
		<-done
		if len(r.failures) > 0 {
			t.Logf("%s: %s", name, r.failures[0])
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
