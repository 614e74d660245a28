// Command anytap reads any paginated REST API into any Singer target or Airbyte destination.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// patience is how long an interrupted run may take to write its last state. What takes longer is a reader of stdout that
// reads no more, and nothing can be told to it.
const patience = 4 * time.Second

func main() {
	// A reader that goes away is an error of the write, reported by exit code, not a signal.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		time.Sleep(patience)
		os.Exit(exitInterrupted)
	}()
	debug.SetTraceback("none") // a stack tells users nothing; GOTRACEBACK=all shows it
	collectAt(percentAtStart)
	spareProcessors(ctx)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
