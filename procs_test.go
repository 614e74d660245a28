package main

import (
	"context"
	"runtime"
	"testing"
)

// TestGovernor tells of the processors used before each look, and wants after it all (a) or one (1).
func TestGovernor(t *testing.T) {
	for name, c := range map[string]struct {
		shares []float64
		want   string
	}{
		"waits all the time":     {[]float64{0.01, 0.02, 0.01}, "111"},
		"a good part of one":     {[]float64{0.5, 0.5, 0.9}, "111"},
		"busy from the start":    {[]float64{1, 1.9, 1.8, 1.9}, "aaaa"},
		"busy later":             {[]float64{0.2, 0.3, 1, 1.9}, "11aa"},
		"more are no help":       {[]float64{1, 1.2, 1, 1, 1.2, 1, 1, 1, 1, 1.1, 1}, "a11a1111a11"},
		"more are no help later": {[]float64{1, 1.2, 1, 1, 1.9, 1.2, 1, 1, 1.9}, "a11aa11aa"},
	} {
		t.Run(name, func(t *testing.T) {
			g := governor{next: firstHold}
			got := ""
			for _, share := range c.shares {
				if g.look(share); g.all {
					got += "a"
				} else {
					got += "1"
				}
			}
			if got != c.want {
				t.Errorf("processors are %s, want %s", got, c.want)
			}
		})
	}
	g := governor{next: firstHold}
	for range 100 * longestHold {
		g.look(1)
	}
	if g.next != longestHold {
		t.Errorf("they are tried again after %d looks, want %d at most", g.next, longestHold)
	}
}

// TestSpareProcessors wants one processor at first. It changes the whole process, so it does not run beside other tests.
func TestSpareProcessors(t *testing.T) {
	if _, known := cpuTime(); !known {
		t.Skip("this system does not tell the CPU time")
	}
	t.Setenv("GOMAXPROCS", "")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	defer runtime.SetDefaultGOMAXPROCS()
	if runtime.GOMAXPROCS(0) == 1 {
		t.Skip("this machine has one processor")
	}
	spareProcessors(ctx)
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("it begins with %d processors, want 1", n)
	}
}

// TestCPUTime wants it to grow with what is done.
func TestCPUTime(t *testing.T) {
	before, known := cpuTime()
	if !known {
		t.Skip("this system does not tell the CPU time")
	}
	for i := 0; ; i++ {
		if now, _ := cpuTime(); now > before {
			return
		}
	}
}
