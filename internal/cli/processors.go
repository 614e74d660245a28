package cli

import (
	"anytap/internal/tap"
	"context"
	"os"
	"runtime"
	"time"
)

// A read mostly waits for the API. Its steps cost less where they follow one another on one
// processor than where each step wakes another processor: a third less on pages of 100 records.
// Long steps are another matter, such as changing many records or decompressing large pages: they
// do get faster with more processors. So a run begins with one processor. How busy it is gets
// measured in samples. When one processor is not enough it gets all of them, and when that turns
// out to be useless it goes back to one and tries again later.
const (
	sampleEvery = 50 * time.Millisecond

	// The run gets all processors when it uses more than this share of one.
	busyShare = 0.95
	// All processors are useless while the run's threads wait more often than this in a second of
	// CPU time: then its steps are so short that the threads do little but wake one another. After
	// so many useless samples in a row the run goes back to one processor.
	waitsOfShortSteps = 3000
	uselessSamples    = 4

	// The run gets all processors after firstDelay samples at the earliest. When they were useless
	// it waits for firstPause samples before it tries them again, and for twice as many each time
	// after, up to longestPause.
	firstDelay   = 4
	firstPause   = 8
	longestPause = 1024
)

// load is what the process used, in all or during a sample.
type load struct {
	cpu   time.Duration
	waits int64 // how often a thread gave its processor up of its own accord
}

// tuneProcessors sets how many processors the process uses, until ctx ends. It does nothing where
// the user has set GOMAXPROCS, and where the system does not tell what was used.
func tuneProcessors(ctx context.Context) {
	used, known := usedSoFar()
	if !known || os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	runtime.GOMAXPROCS(1)
	go func() {
		defer tap.Guard()
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		p := newProcessors()
		for at := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				before, hadAll := used, p.all
				used, _ = usedSoFar()
				p.sample(now.Sub(at), load{used.cpu - before.cpu, used.waits - before.waits})
				at = now
				switch {
				case p.all && !hadAll:
					runtime.SetDefaultGOMAXPROCS()
				case hadAll && !p.all:
					runtime.GOMAXPROCS(1)
				}
			}
		}
	}()
}

// processors decides whether the run has one processor or all of them.
type processors struct {
	all     bool
	delay   int // samples before the run may get all
	pause   int // the delay from the next time on that all of them are useless
	useless int // samples in a row in which all of them were
}

func newProcessors() *processors { return &processors{delay: firstDelay, pause: firstPause} }

// sample takes what was used in the time since the sample before.
func (p *processors) sample(since time.Duration, used load) {
	p.delay--
	busy := used.cpu.Seconds() > busyShare*since.Seconds()
	useful := float64(used.waits) <= waitsOfShortSteps*used.cpu.Seconds()
	switch {
	case !p.all && busy && p.delay <= 0:
		p.all, p.useless = true, 0
	case p.all && useful:
		p.useless, p.pause = 0, firstPause
	case p.all:
		if p.useless++; p.useless == uselessSamples {
			p.all, p.delay, p.pause = false, p.pause, min(2*p.pause, longestPause)
		}
	}
}
