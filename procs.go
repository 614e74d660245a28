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
	used, known := cpuTime()
	if !known || os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	runtime.GOMAXPROCS(1)
	go func() {
		tick := time.NewTicker(busyEvery)
		defer tick.Stop()
		at := time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now := time.Now()
			usedNow, known := cpuTime()
			if !known || busy(usedNow-used, now.Sub(at)) {
				runtime.SetDefaultGOMAXPROCS()
				return
			}
			at, used = now, usedNow
		}
	}()
}

// busy reports whether so much CPU time within a span is more than one processor should bear.
func busy(used, span time.Duration) bool { return float64(used) > busyShare*float64(span) }
