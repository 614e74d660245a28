package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// TestAwaitBusy gives the CPU time that a program has used at each tick, 50 ms apart.
func TestAwaitBusy(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		used  []time.Duration // at the start and at each tick
		want  bool
		ticks int // that it takes
	}{
		"waits all the time":       {[]time.Duration{0, 1 * ms, 2 * ms, 3 * ms}, false, 3},
		"half of one processor":    {[]time.Duration{10 * ms, 35 * ms, 60 * ms, 85 * ms}, false, 3},
		"all of it from the start": {[]time.Duration{0, 49 * ms}, true, 1},
		"all of it later":          {[]time.Duration{0, 10 * ms, 20 * ms, 68 * ms, 70 * ms}, true, 3},
		"not told any more":        {[]time.Duration{0, 10 * ms, -1}, true, 2},
		"never told":               {[]time.Duration{-1}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			ticks, begun := make(chan time.Time), time.Unix(0, 0)
			asked := 0
			cpu := func() (time.Duration, bool) {
				used := c.used[asked]
				asked++
				return used, used >= 0
			}
			ended := make(chan bool)
			go func() { ended <- awaitBusy(ctx, ticks, begun, cpu) }()
			for n := range c.ticks {
				ticks <- begun.Add(time.Duration(n+1) * 50 * ms)
			}
			if !c.want {
				stop()
			}
			if got := <-ended; got != c.want {
				t.Errorf("busy is %v, want %v", got, c.want)
			}
			stop()
		})
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
