package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// TestBusyProgramGetsAllProcessors wants one processor at first, and all of them back under load. It changes the whole process, so it
// does not run beside other tests.
func TestBusyProgramGetsAllProcessors(t *testing.T) {
	if _, known := cpuTime(); !known {
		t.Skip("this system does not tell the CPU time")
	}
	t.Setenv("GOMAXPROCS", "")
	all := runtime.GOMAXPROCS(0)
	if all == 1 {
		t.Skip("this machine has one processor")
	}
	defer runtime.SetDefaultGOMAXPROCS()
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	spareProcessors(ctx)
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Fatalf("it begins with %d processors, want 1", n)
	}
	for i := 0; runtime.GOMAXPROCS(0) != all; i++ {
		if ctx.Err() != nil {
			t.Fatalf("under load it has %d processors, want %d", runtime.GOMAXPROCS(0), all)
		}
	}
}

func TestBusy(t *testing.T) {
	for name, c := range map[string]struct {
		used time.Duration
		want bool
	}{
		"waiting":       {10 * time.Millisecond, false},
		"half":          {50 * time.Millisecond, false},
		"all of one":    {99 * time.Millisecond, true},
		"more than one": {150 * time.Millisecond, true},
	} {
		if got := busy(c.used, 100*time.Millisecond); got != c.want {
			t.Errorf("%s: busy(%v) is %v, want %v", name, c.used, got, c.want)
		}
	}
}
