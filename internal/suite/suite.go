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
		if failures := Failures(t, func(t testing.TB) { checks[name](t, c) }); len(failures) > 0 {
			t.Logf("%s: %s", name, failures[0])
			names = append(names, name)
		}
	}
	return names
}

// Failures runs a check and gives what it reports. The check fails neither t nor its caller.
func Failures(t testing.TB, check func(testing.TB)) []string {
	r := &recorder{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() { check(r) }) // a goroutine of its own, since Fatal ends it
	wg.Wait()
	return r.failures
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
