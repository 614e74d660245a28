package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/tap"
)

// timeToEnd is how long an interrupted run may take to write its last state. One that takes longer
// waits for a reader of stdout that does not read any more.
const timeToEnd = 4 * time.Second

// Main runs the program with the arguments and streams of the process, and returns its exit code.
// It sets how the whole process takes signals, how often garbage is collected, and how many
// processors are used. An interrupted run that does not end in time is ended with the exit code of
// its signal.
func (p Program) Main() int {
	// A reader of stdout that goes away is an error of the write, which the exit code tells, and no
	// signal.
	signal.Ignore(syscall.SIGPIPE)
	p.ending = &ending{}
	p.ending.patience.Store(int64(timeToEnd))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		defer tap.Guard()
		p.ending.await(signals, stop)
	}()
	debug.SetTraceback("none") // a stack tells users nothing; GOTRACEBACK=all shows it
	setCollector(percentAtStart)
	tuneProcessors(ctx)
	var stdout io.Writer = os.Stdout
	if replaced(os.Stdout) {
		stdout = noOutput{}
	}
	return p.ending.code(p.Run(ctx, os.Args[1:], stdout, os.Stderr))
}

// ending is how a process ends that gets a signal.
type ending struct {
	patience atomic.Int64 // how long it may take, a time.Duration
	broken   atomic.Bool  // the signal was ^C
}

// soonest is how long after a ^C another one counts: some programs pass on what the terminal sends
// to all.
const soonest = 500 * time.Millisecond

// await stops the run at a signal. It ends the process if the run does not, or at the second ^C.
func (e *ending) await(signals <-chan os.Signal, stop func()) {
	e.broken.Store(<-signals == syscall.SIGINT)
	stop()
	begun := time.Now()
	late := time.After(time.Duration(e.patience.Load()))
	for {
		select {
		case s := <-signals:
			if s == syscall.SIGINT && time.Since(begun) > soonest {
				os.Exit(frontend.ExitBroken)
			}
		case <-late:
			os.Exit(e.code(frontend.ExitInterrupted))
		}
	}
}

// code is the exit code of the process for that of a run.
func (e *ending) code(of int) int {
	if of == frontend.ExitInterrupted && e.broken.Load() {
		return frontend.ExitBroken
	}
	return of
}

// patience gives the run more time to end.
func (c *call) patience(more time.Duration) {
	if c.ending != nil {
		c.ending.patience.Store(int64(more + 2*timeToEnd))
	}
}

// noOutput stands in for a stdout that was closed when the program began: what is written to it is
// lost, and the call has failed.
type noOutput struct{}

// Write fails.
func (noOutput) Write([]byte) (int, error) { return 0, errNoOutput }

var errNoOutput = errors.New("stdout is closed, or is /dev/null opened for reading too: what is written there is lost; open it for writing alone (>/dev/null) if that is meant")
