// Command chaos tries to make anytap lose records, repeat them, or hang.
//
//	go run . schedules       random schedules of faults (CHAOS_SCHEDULES, CHAOS_SEED)
//	go run . crashes         reads that are killed until they are done (CHAOS_ROUNDS)
//	go run . soak            reads with faults for SOAK; memory, handles and goroutines stay flat
//	go run . mutations       manifests with a mistake each (MUTATIONS, MUTATE_SEED)
//
// A schedule reads a stream of some kind in runs that faults spoil, each from the last STATE of the
// one before, until a run comes to its end. Then all records must have come, none of them twice
// that a STATE covered. The last line is "N passed, N failed". CHAOS_SEED replays one schedule.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
)

// lab is what all schedules share.
type lab struct {
	folder       string
	anytap       string // the program as it is released
	clocked      string // the program with a clock that moves
	spec         string
	certificates *authority
	only         string // a word in the names of kinds; empty: all
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := start(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		code = 2
	}
	os.Exit(code)
}

func start(ctx context.Context, args []string) (code int, err error) {
	what := "schedules"
	if len(args) > 0 {
		what = args[0]
	}
	l := &lab{only: os.Getenv("CHAOS_ONLY")}
	if l.folder, err = os.MkdirTemp("", "chaos-"); err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(l.folder) }() // the system cleans its temporary folder
	if what == "mutations" {
		return l.mutations(ctx)
	}
	if err := l.build(ctx); err != nil {
		return 0, err
	}
	if l.certificates, err = newAuthority(filepath.Join(l.folder, "root.pem")); err != nil {
		return 0, err
	}
	switch what {
	case "schedules":
		return l.schedules(ctx)
	case "crashes":
		return l.crashes(ctx)
	case "soak":
		return l.soak(ctx)
	}
	return 0, fmt.Errorf("%q is not known, expected schedules, crashes, soak or mutations", what)
}

// build builds both programs.
func (l *lab) build(ctx context.Context) error {
	l.anytap, l.clocked = filepath.Join(l.folder, "anytap"), filepath.Join(l.folder, "clocked")
	var err error
	if l.spec, err = filepath.Abs(filepath.Join("..", "spec.json")); err != nil {
		return err
	}
	for out, in := range map[string][2]string{l.anytap: {"..", "."}, l.clocked: {".", "./clocked"}} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", out, in[1])
		cmd.Dir, cmd.Env = in[0], append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, said)
		}
	}
	return nil
}

// variable is a number of the environment.
func variable(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
