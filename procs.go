package main

import (
	"context"
	"os"
	"runtime"
	"time"
)

// How many processors a program uses is looked at every busyEvery. With one it is given the others above busyShare. Where it then uses
// less than worthShare they are taken away again: all they did was to wake one another. They are tried again after firstHold looks, and
// after twice as many each time that it was in vain, up to longestHold.
const (
	busyEvery   = 200 * time.Millisecond
	busyShare   = 0.95
	worthShare  = 1.35
	firstHold   = 2
	longestHold = 256
)

// spareProcessors runs the program on one processor for as long as more do not help, until ctx ends. A read mostly waits for the API, and
// its steps cost less where they follow one another than where each wakes another processor: a third less on pages of 100 records. A
// user's GOMAXPROCS goes over it.
func spareProcessors(ctx context.Context) {
	used, known := cpuTime()
	if !known || os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	runtime.GOMAXPROCS(1)
	go func() {
		tick := time.NewTicker(busyEvery)
		defer tick.Stop()
		g := governor{next: firstHold}
		for at := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				before, had := used, g.all
				used, _ = cpuTime()
				g.look(float64(used-before) / float64(now.Sub(at)))
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
}

// look takes the processors that were used since the look before.
func (g *governor) look(share float64) {
	g.hold--
	switch {
	case g.all && share >= worthShare:
		g.next = firstHold
	case g.all:
		g.all, g.hold, g.next = false, g.next, min(2*g.next, longestHold)
	case share > busyShare && g.hold <= 0:
		g.all = true
	}
}
