package cli

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// TestProcessorsAreGivenWhileTheyHelp feeds samples of a tenth of a second. After each of them the
// run should have all processors (a) or one (1).
func TestProcessorsAreGivenWhileTheyHelp(t *testing.T) {
	const since = 100 * time.Millisecond
	idle := load{time.Millisecond, 20}
	part := load{90 * time.Millisecond, 900}
	busy := load{since, 100}            // as much as one processor can do
	long := load{2 * since, 500}        // two processors with long steps
	short := load{12 * since / 10, 500} // two processors that wake one another
	for name, test := range map[string]struct {
		used []load
		want string
	}{
		"a run that waits keeps one":                 {[]load{idle, idle, idle, idle, idle, idle}, "111111"},
		"a part of one is no reason for more":        {[]load{part, part, part, part, part, part}, "111111"},
		"long steps keep all":                        {[]load{busy, busy, busy, busy, long, long, long, long, long}, "111aaaaaa"},
		"long steps now and then keep all":           {[]load{idle, part, idle, busy, long, short, short, short, long, short, idle, short, long}, "111aaaaaaaaaa"},
		"short steps lose them, until after a while": {[]load{busy, busy, busy, busy, short, short, short, short, busy, busy, busy, busy, busy, busy, busy, busy, short}, "111aaaa11111111aa"},
		"steps that become short lose them":          {[]load{busy, busy, busy, busy, long, short, short, short, short, busy}, "111aaaaa11"},
		"a run with nothing left to do loses them":   {[]load{busy, busy, busy, busy, long, idle, idle, idle, idle}, "111aaaaa1"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProcessors()
			got := ""
			for _, used := range test.used {
				if p.sample(since, used); p.all {
					got += "a"
				} else {
					got += "1"
				}
			}
			if got != test.want {
				t.Errorf("processors are %s, want %s", got, test.want)
			}
		})
	}
}

func TestUselessProcessorsAreTriedMoreAndMoreSeldom(t *testing.T) {
	p := newProcessors()
	for range 100 * longestPause {
		p.sample(100*time.Millisecond, load{100 * time.Millisecond, 1000})
	}
	if p.pause != longestPause {
		t.Errorf("they are tried again after %d samples, want %d at most", p.pause, longestPause)
	}
}

// TestRunBeginsWithOneProcessor changes the whole process, so it does not run beside other tests.
func TestRunBeginsWithOneProcessor(t *testing.T) {
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
	tuneProcessors(ctx)
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("it begins with %d processors, want 1", n)
	}
}

// TestUsedSoFarGrows wants the CPU time to grow. Waits need not: there are systems that do not
// count them.
func TestUsedSoFarGrows(t *testing.T) {
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
