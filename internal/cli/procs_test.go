package cli

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// TestGovernor tells what was used in each tenth of a second, and wants after it all processors (a) or one (1).
func TestGovernor(t *testing.T) {
	const every = 100 * time.Millisecond
	idle := work{time.Millisecond, 20}
	part := work{90 * time.Millisecond, 900}
	busy := work{every, 100}            // as one processor can be
	long := work{2 * every, 500}        // two, with long steps
	short := work{12 * every / 10, 500} // two that wake one another
	for name, c := range map[string]struct {
		used []work
		want string
	}{
		"waits all the time":   {[]work{idle, idle, idle, idle, idle, idle}, "111111"},
		"a good part of one":   {[]work{part, part, part, part, part, part}, "111111"},
		"long steps":           {[]work{busy, busy, busy, busy, long, long, long, long, long}, "111aaaaaa"},
		"long steps at times":  {[]work{idle, part, idle, busy, long, short, short, short, long, short, idle, short, long}, "111aaaaaaaaaa"},
		"short steps":          {[]work{busy, busy, busy, busy, short, short, short, short, busy, busy, busy, busy, busy, busy, busy, busy, short}, "111aaaa11111111aa"},
		"short steps from now": {[]work{busy, busy, busy, busy, long, short, short, short, short, busy}, "111aaaaa11"},
		"nothing to do":        {[]work{busy, busy, busy, busy, long, idle, idle, idle, idle}, "111aaaaa1"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGovernor()
			got := ""
			for _, used := range c.used {
				if g.look(every, used); g.all {
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
	g := newGovernor()
	for range 100 * longestHold {
		g.look(every, work{every, 1000})
	}
	if g.next != longestHold {
		t.Errorf("they are tried again after %d looks, want %d at most", g.next, longestHold)
	}
}

// TestSpareProcessors wants one processor at first. It changes the whole process, so it does not run beside other tests.
func TestSpareProcessors(t *testing.T) {
	if _, known := usedSoFar(); !known {
		t.Skip("this system does not tell what was used")
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

// TestUsedSoFar wants the time to grow with what is done; there are systems that do not count waits.
func TestUsedSoFar(t *testing.T) {
	before, known := usedSoFar()
	if !known {
		t.Skip("this system does not tell what was used")
	}
	for {
		switch now, _ := usedSoFar(); {
		case now.waits < before.waits:
			t.Fatalf("%d waits, there were %d before", now.waits, before.waits)
		case now.cpu > before.cpu:
			return
		}
	}
}
