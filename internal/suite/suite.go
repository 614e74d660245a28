// Package suite runs the checks of a contract on everything that implements it, and shows that each
// check can fail.
package suite

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// Checks are what every implementation of a contract has to pass, by name. C describes one
// implementation.
type Checks[C any] map[string]func(testing.TB, C)

// Run runs the checks as subtests.
func (checks Checks[C]) Run(t *testing.T, c C) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		t.Run(name, func(t *testing.T) { checks[name](t, c) })
	}
}

// Failing names the checks that c does not pass, in order. It is for implementations that are
// broken on purpose.
func (checks Checks[C]) Failing(t *testing.T, c C) []string {
	t.Helper()
	var names []string
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		r := &recorder{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			checks[name](r, c)
		}()
		<-done
		if len(r.failures) > 0 {
			t.Logf("%s: %s", name, r.failures[0])
			names = append(names, name)
		}
	}
	return names
}

// recorder keeps the failures of a check instead of failing the test.
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
