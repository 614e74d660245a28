// Package target runs a Singer target as a child process, and tells which states the target has
// confirmed: a target prints a state on its stdout once it has stored all that came before.
package target

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/kballard/go-shellquote"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Options say how a target is started and who is told of it.
type Options struct {
	// Command is the program and its arguments, separated and quoted as in a shell. Nothing else
	// of a shell happens: no variables, no patterns, no pipes.
	Command string
	// Environment has the variables of the target. Those of anytap's configuration (ANYTAP_…) are
	// left out.
	Environment []string
	// Confirmed is told each state that the target confirms, one after the other.
	Confirmed func(state *value.Dict)
	// Said is told each other line that the target prints, on stderr or stdout, also two at once.
	Said func(line string)
}

// Target is a target that was started.
type Target struct {
	Name  string   // of the program, for messages
	Input *os.File // its stdin; Finish closes it
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // how it ended; set before ended is closed
}

// lastWords is how long the output of a target that has ended may come from its own children.
const lastWords = 5 * time.Second

// Start starts a target.
func Start(o Options) (*Target, error) {
	words, err := shellquote.Split(o.Command)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q can not be taken apart: %w", o.Command, err)
	case len(words) == 0:
		return nil, fmt.Errorf("the command is empty, expected one such as 'target-duckdb --config target.json'")
	}
	t := &Target{Name: filepath.Base(words[0]), ended: make(chan struct{})}
	t.cmd = exec.Command(words[0], words[1:]...) //nolint:noctx // Finish ends it, in steps
	t.cmd.Env = withoutOurs(o.Environment)
	out, logs := &lines{say: o.said}, &lines{say: o.Said}
	t.cmd.Stdout, t.cmd.Stderr, t.cmd.WaitDelay = out, logs, lastWords
	ownGroup(t.cmd)
	from, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	t.cmd.Stdin, t.Input = from, to
	err = t.cmd.Start()
	_ = from.Close()
	if err != nil {
		_ = to.Close()
		return nil, err
	}
	go func() {
		defer tap.Guard()
		if err := t.cmd.Wait(); !errors.Is(err, exec.ErrWaitDelay) { // its own children may live on
			t.err = err
		}
		out.end()
		logs.end()
		close(t.ended)
	}()
	return t, nil
}

// withoutOurs leaves out what configures anytap: the target need not see its secrets.
func withoutOurs(environment []string) []string {
	kept := []string{} // nil would mean all of this process
	for _, v := range environment {
		if !strings.HasPrefix(v, "ANYTAP_") {
			kept = append(kept, v)
		}
	}
	return kept
}

// said tells a line of stdout: a state, or something else.
func (o *Options) said(line string) {
	v, err := value.DecodeString(line)
	d, ok := v.(*value.Dict)
	if err != nil || !ok {
		o.Said(line)
		return
	}
	if inner := value.Member[*value.Dict](d, "value"); inner != nil && value.Member[string](d, "type") == "STATE" {
		d = inner
	}
	o.Confirmed(d)
}

// Ended is closed once the target has ended and all that it printed was told.
func (t *Target) Ended() <-chan struct{} { return t.ended }

// Finish closes the target's input, so that it stores what is left, and waits for its end. Once
// hurry is closed, it may take patience; then it is ended. The error says how it failed.
func (t *Target) Finish(hurry <-chan struct{}, patience time.Duration) error {
	_ = t.Input.Close()
	select {
	case <-t.ended:
		return t.err
	case <-hurry:
	}
	for _, end := range []func(*exec.Cmd){terminate, kill} {
		select {
		case <-t.ended:
			return t.err
		case <-time.After(patience):
			end(t.cmd)
		}
		patience = min(patience, lastWords)
	}
	<-t.ended
	return t.err
}
