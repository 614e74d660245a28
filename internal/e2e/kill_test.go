package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
)

// child is the program as a process of its own.
type child struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *bufio.Reader
	pipe io.ReadCloser
	logs bytes.Buffer
	got  []byte // the complete lines read so far
}

func startChild(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command("anytap", args...)}
	c.cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	c.start()
	return c
}

// start starts the command, with pipes for its output.
func (c *child) start() {
	c.t.Helper()
	c.cmd.Stderr = &c.logs
	var err error
	if c.pipe, err = c.cmd.StdoutPipe(); err != nil {
		c.t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // it has ended already, unless the test failed
	c.out = bufio.NewReader(c.pipe)
}

// lines reads n lines, or all there are. It drops a last line without line break, as clients do.
func (c *child) lines(n int) {
	c.t.Helper()
	for ; n > 0; n-- {
		line, err := c.out.ReadBytes('\n')
		if err != nil {
			return
		}
		c.got = append(c.got, line...)
	}
}

// until reads lines up to the first that holds the text.
func (c *child) until(text string) {
	c.t.Helper()
	for {
		line, err := c.out.ReadBytes('\n')
		if err != nil {
			c.t.Fatalf("the output ended without %q: %v\n%s", text, err, c.logs.String())
		}
		c.got = append(c.got, line...)
		if bytes.Contains(line, []byte(text)) {
			return
		}
	}
}

const allLines = 1 << 30

// end reads what is left and waits for the process.
func (c *child) end() outcome {
	c.t.Helper()
	c.lines(allLines)
	err := c.cmd.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		c.t.Fatal(err)
	}
	return outcome{code: c.cmd.ProcessState.ExitCode(), out: c.got, logs: c.logs.Bytes(), lines: parseLines(c.t, c.got)}
}

// killCases are streams that are too long for a pipe's buffer, so that they can be killed in the
// middle.
func killCases() map[string]resumeCase {
	comments := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "page_size": 40, "checkpoint_records": 15}
	}
	slow := func(system sampleapi.System) sampleapi.Options {
		return sampleapi.Options{
			Businesses: []sampleapi.Business{{ID: "b-0"}, {ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 300}, {ID: "b-3", Reviews: 800}},
			Faults:     map[sampleapi.System]sampleapi.Faults{system: {Latency: time.Millisecond}},
		}
	}
	return map[string]resumeCase{
		"jsonplaceholder page":   {sampleapi.JSONPlaceholder, "comments", comments("page"), slow(sampleapi.JSONPlaceholder)},
		"jsonplaceholder offset": {sampleapi.JSONPlaceholder, "comments", comments("offset"), slow(sampleapi.JSONPlaceholder)},
		"jsonplaceholder cursor": {sampleapi.JSONPlaceholder, "comments", comments("cursor"), slow(sampleapi.JSONPlaceholder)},
		"helpscout page":         {sampleapi.HelpScout, "conversations", nil, slow(sampleapi.HelpScout)},
		"helpscout child":        {sampleapi.HelpScout, "conversation_threads", map[string]any{"mailbox": "85003"}, slow(sampleapi.HelpScout)},
		"pullbay standard":       {sampleapi.Pullbay, "reviews", map[string]any{"limit": 100, "checkpoint_records": 30}, slow(sampleapi.Pullbay)},
		"pullbay managed":        {sampleapi.Pullbay, "reviews", map[string]any{"pagination": "managed", "checkpoint_records": 70}, slow(sampleapi.Pullbay)},
	}
}

// TestKilledProcessIsResumed kills real processes. They may have written more than the k lines that
// were read of them.
func TestKilledProcessIsResumed(t *testing.T) {
	t.Parallel()
	for name, c := range killCases() {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := startSample(t, c.system, c.options, c.settings)
				sel := selection{streams: []string{c.stream}}
				whole := s.read(t, protocol, sel).mustSucceed(t)
				want := slices.Sorted(slices.Values(ids(t, whole.lines)))
				struck := 0
				for _, k := range []int{1, 101, len(want) / 2} {
					p := startChild(t, readArgs(t, protocol, s.file(t), sel)...)
					p.lines(k)
					if err := p.cmd.Process.Kill(); err != nil {
						t.Fatal(err)
					}
					first := p.end()
					if first.code == 0 || len(ids(t, first.lines)) == len(want) {
						continue // it had ended before the signal came
					}
					struck++
					covered, state := lastState(t, protocol, first.lines)
					second := s.read(t, protocol, selection{streams: sel.streams, state: state}).mustSucceed(t)
					checkResumed(t, k, ids(t, first.lines[:covered]), ids(t, first.lines), ids(t, second.lines), want)
				}
				if struck < 1 {
					t.Error("none of three processes was killed in its midst")
				}
			})
		}
	}
}

// TestSignalsEndARead checks that the last line is complete, that a STATE covers all records, and
// that the end comes soon.
func TestSignalsEndARead(t *testing.T) {
	t.Parallel()
	for name, c := range killCases() {
		c.options.Faults = nil
		for _, protocol := range protocols {
			signals := []syscall.Signal{syscall.SIGTERM}
			if name == "jsonplaceholder page" {
				signals = append(signals, syscall.SIGINT) // which does the same
			}
			for _, signal := range signals {
				t.Run(fmt.Sprintf("%s %s %v", name, protocol, signal), func(t *testing.T) {
					t.Parallel()
					s := startSample(t, c.system, c.options, c.settings)
					sel := selection{streams: []string{c.stream}}
					want := slices.Sorted(slices.Values(ids(t, s.read(t, protocol, sel).mustSucceed(t).lines)))
					s.server.SetFaults(c.system, sampleapi.Faults{Latency: 20 * time.Millisecond})
					p := startChild(t, readArgs(t, protocol, s.file(t), sel)...)
					p.until(`"type":"RECORD"`) // the first STATE may be that of an empty partition
					p.until(`"type":"STATE"`)
					first := p.signal(signal)
					if n := len(ids(t, first.lines)); n == 0 || n == len(want) {
						t.Errorf("%d of %d records came before the signal, want some", n, len(want))
					}
					covered, state := lastState(t, protocol, first.lines)
					if late := ids(t, first.lines[covered:]); len(late) > 0 {
						t.Errorf("%d records came after the last state", len(late))
					}
					s.server.SetFaults(c.system, sampleapi.Faults{})
					second := s.read(t, protocol, selection{streams: sel.streams, state: state}).mustSucceed(t)
					checkResumed(t, covered, ids(t, first.lines), ids(t, first.lines), ids(t, second.lines), want)
				})
			}
		}
	}
}

// signal sends a signal, after which the process must soon end with the exit code of an interrupted
// read.
func (c *child) signal(s syscall.Signal) outcome {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
	begun := time.Now()
	o := c.end()
	if took := time.Since(begun); took > 5*time.Second {
		c.t.Errorf("it took %v to end", took)
	}
	want := frontend.ExitInterrupted
	if s == syscall.SIGINT {
		want = frontend.ExitBroken
	}
	if o.code != want {
		c.t.Errorf("exit code %d, want %d\n%s", o.code, want, o.talk())
	}
	if strings.Contains(o.talk(), "goroutine ") {
		c.t.Errorf("a stack trace was printed:\n%s", o.talk())
	}
	return o
}

// TestSignalEndsWaits sends a signal while the API gives no answer, asks to wait, or must not be
// asked yet.
func TestSignalEndsWaits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults   sampleapi.Faults
		settings map[string]any
		after    string // what has been printed when it waits
	}{
		"stalled answer": {sampleapi.Faults{Stall: 3}, nil, `"type":"STATE"`},
		"429":            {sampleapi.Faults{Throttle: 3, RetryAfter: time.Minute}, nil, `"type":"STATE"`},
		"own limit":      {sampleapi.Faults{}, map[string]any{"rate_limit": map[string]any{"requests": 2, "per": 600}}, `"type":"STATE"`},
		"slow API":       {sampleapi.Faults{Latency: time.Minute}, nil, "STARTED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{
				Faults: map[sampleapi.System]sampleapi.Faults{sampleapi.JSONPlaceholder: test.faults},
			}, map[string]any{"page_size": 10}).with(test.settings)
			p := startChild(t, readArgs(t, "airbyte", s.file(t), selection{streams: []string{"posts"}})...)
			p.until(test.after)
			p.signal(syscall.SIGTERM)
		})
	}
}

// TestSignalEndsBlockedOutput sends a signal while nobody reads the output.
func TestSignalEndsBlockedOutput(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			p := startChild(t, readArgs(t, protocol, s.file(t), selection{streams: []string{"photos"}})...)
			p.until(`"type":"RECORD"`)
			time.Sleep(200 * time.Millisecond) // the pipe fills
			begun := time.Now()
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			state, err := p.cmd.Process.Wait()
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begun); took > 5*time.Second || state.ExitCode() != 143 {
				t.Errorf("exit code %d after %v, want 143 within 5 s", state.ExitCode(), took)
			}
		})
	}
}

// TestClosedOutputEndsQuietly closes stdout under each command.
func TestClosedOutputEndsQuietly(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	config := s.file(t)
	for name, args := range map[string][]string{
		"read":            {"read", "--config", config},
		"sync":            {"--config", config},
		"discover":        {"discover", "--config", config},
		"singer discover": {"--config", config, "--discover"},
		"spec":            {"spec"},
		"about":           {"--about"},
		"demo":            {"demo", "photos"},
	} {
		t.Run(name, func(t *testing.T) {
			p := startChild(t, args...)
			if strings.HasSuffix(name, "read") || name == "sync" || name == "demo" {
				p.lines(3)
			}
			if err := p.pipe.Close(); err != nil {
				t.Fatal(err)
			}
			_ = p.cmd.Wait() // its exit code is checked below
			logs := p.logs.String()
			if name == "demo" {
				logs = "" // its summary
			}
			// A short answer may have been written before the pipe is closed.
			if code := p.cmd.ProcessState.ExitCode(); code != 141 && (code != 0 || name == "read" || name == "sync") {
				t.Errorf("exit code %d, want 141\n%s", code, p.logs.String())
			}
			if strings.Contains(logs, "CRITICAL") || strings.Contains(logs, "goroutine ") || strings.Contains(logs, "ERROR") {
				t.Errorf("it was not quiet:\n%s", logs)
			}
		})
	}
}
