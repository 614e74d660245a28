package resttest

import (
	"fmt"
	"runtime"
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

// tryChecks runs the check named fails, which must fail, or all checks, of which none may. Each
// gets a case of its own.
func tryChecks[C any](t *testing.T, checks map[string]func(testing.TB, C), fails string, fresh func() C) {
	t.Helper()
	if fails != "" && checks[fails] == nil {
		t.Fatalf("there is no check %q", fails)
	}
	for name, check := range checks {
		if fails != "" && name != fails {
			continue
		}
		r := &recorder{TB: t}
		var wg sync.WaitGroup
		wg.Go(func() { check(r, fresh()) })
		wg.Wait()
		if (len(r.failures) > 0) != (fails != "") {
			t.Errorf("the check %q fails with %q", name, r.failures)
		}
	}
}
