// Package cli is the command line: it turns arguments into one run of a connector and the run's result into an exit code.
package cli

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"anytap/internal/frontend"
)

// patience is how long an interrupted run may take to write its last state. One that takes longer waits for a reader of stdout
// that no longer reads, and nothing can be told to it.
const patience = 4 * time.Second

// Main runs the program with the process's own arguments and streams, and returns its exit code. It changes what the whole process
// does: how it takes signals, how often garbage is collected, and how many processors are used. An interrupted run that does not end
// in time is ended with frontend.ExitInterrupted.
func (p Program) Main() int {
	// A reader that goes away is an error of the write, reported by exit code, not a signal.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		time.Sleep(patience)
		os.Exit(frontend.ExitInterrupted)
	}()
	debug.SetTraceback("none") // a stack tells users nothing; GOTRACEBACK=all shows it
	collectAt(percentAtStart)
	spareProcessors(ctx)
	return p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
