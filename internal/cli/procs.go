package cli

import (
	"context"
	"os"
	"runtime"
	"time"
)

// How many processors a program uses is looked at every busyEvery. With one it is given the others above busyShare, after firstLook
// looks at the earliest. Where its threads then wait more than shortSteps times in a second of its work, vainLooks times in a row, they
// are taken away again: all they did was to wake one another. They are tried again after firstHold looks, and after twice as
// many each time that it was in vain, up to longestHold.
const (
	busyEvery   = 50 * time.Millisecond
	busyShare   = 0.95
	shortSteps  = 3000
	vainLooks   = 4
	firstLook   = 4
	firstHold   = 8
	longestHold = 1024
)

// work is what a program has used so far, or between two looks.
type work struct {
	cpu   time.Duration
	waits int64 // how often a thread of its own accord gave up a processor
}

// spareProcessors runs the program on one processor for as long as more do not help, until ctx ends. A read mostly waits for the API, and
// its steps cost less where they follow one another than where each wakes another processor: a third less on pages of 100 records.
// Long steps, of records that are changed and pages that are decompressed, are another matter. A user's GOMAXPROCS goes over it.
func spareProcessors(ctx context.Context) {
	used, known := usedSoFar()
	if !known || os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	runtime.GOMAXPROCS(1)
	go func() {
		tick := time.NewTicker(busyEvery)
		defer tick.Stop()
		g := newGovernor()
		for at := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				before, had := used, g.all
				used, _ = usedSoFar()
				g.look(now.Sub(at), work{used.cpu - before.cpu, used.waits - before.waits})
				at = now
				switch {
				case g.all && !had:
					runtime.SetDefaultGOMAXPROCS()
				case had && !g.all:
					runtime.GOMAXPROCS(1)
				}
			}
		}
	}()
}

// governor decides whether a program has all processors.
type governor struct {
	all  bool
	hold int // looks until they may be given
	next int // the hold from the next time on that they are taken away
	vain int // looks in a row in which they were no help
}

func newGovernor() *governor { return &governor{hold: firstLook, next: firstHold} }

// look takes what was used in the time since the look before.
func (g *governor) look(since time.Duration, used work) {
	g.hold--
	switch {
	case !g.all && used.cpu.Seconds() > busyShare*since.Seconds() && g.hold <= 0:
		g.all, g.vain = true, 0
	case g.all && float64(used.waits) <= shortSteps*used.cpu.Seconds():
		g.vain, g.next = 0, firstHold
	case g.all:
		if g.vain++; g.vain == vainLooks {
			g.all, g.hold, g.next = false, g.next, min(2*g.next, longestHold)
		}
	}
}
