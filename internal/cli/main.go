package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
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
// processors are used. An interrupted run that does not end in time is ended with
// frontend.ExitInterrupted.
func (p Program) Main() int {
	// A reader of stdout that goes away is an error of the write, which the exit code tells, and no
	// signal.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		defer tap.Guard()
		<-ctx.Done()
		time.Sleep(timeToEnd)
		os.Exit(frontend.ExitInterrupted)
	}()
	debug.SetTraceback("none") // a stack tells users nothing; GOTRACEBACK=all shows it
	setCollector(percentAtStart)
	tuneProcessors(ctx)
	var stdout io.Writer = os.Stdout
	if replaced(os.Stdout) {
		stdout = noOutput{}
	}
	return p.Run(ctx, os.Args[1:], stdout, os.Stderr)
}

// noOutput stands in for a stdout that was closed when the program began: what is written to it is
// lost, and the call has failed.
type noOutput struct{}

// Write fails.
func (noOutput) Write([]byte) (int, error) { return 0, errNoOutput }

var errNoOutput = errors.New("stdout is closed, or is /dev/null opened for reading too: what is written there is lost; open it for writing alone (>/dev/null) if that is meant")
