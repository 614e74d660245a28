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
		<-ctx.Done()
		time.Sleep(timeToEnd)
		os.Exit(frontend.ExitInterrupted)
	}()
	debug.SetTraceback("none") // a stack tells users nothing; GOTRACEBACK=all shows it
	setCollector(percentAtStart)
	tuneProcessors(ctx)
	return p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
