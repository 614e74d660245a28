package main

import (
	"context"
	"os"
	"runtime"
	"time"
)

// A program that used more than busyShare of its one processor within busyEvery is given the others.
const (
	busyShare = 0.85
	busyEvery = 50 * time.Millisecond
)

// spareProcessors runs the program on one processor for as long as that is enough. A read mostly waits for the API, and its steps
// cost less where they follow one another than where each wakes another processor: a third less on pages of 100 records. Once
// one is not enough, the program has all that the machine gives it until ctx ends. A user's GOMAXPROCS goes over it.
func spareProcessors(ctx context.Context) {
	if _, known := cpuTime(); !known || os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	runtime.GOMAXPROCS(1)
	go func() {
		tick := time.NewTicker(busyEvery)
		defer tick.Stop()
		if awaitBusy(ctx, tick.C, time.Now(), cpuTime) {
			runtime.SetDefaultGOMAXPROCS()
		}
	}()
}

// awaitBusy looks at each tick what was used since the one before. It reports true as soon as that is more than one processor should
// bear, or is not known any more, and false when ctx ends first.
func awaitBusy(ctx context.Context, ticks <-chan time.Time, begun time.Time, cpu func() (time.Duration, bool)) bool {
	used, known := cpu()
	for at := begun; known; {
		select {
		case <-ctx.Done():
			return false
		case now := <-ticks:
			before := used
			used, known = cpu()
			if float64(used-before) > busyShare*float64(now.Sub(at)) {
				return true
			}
			at = now
		}
	}
	return true
}
