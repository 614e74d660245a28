package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// storingTarget is a Singer target, which tests name on the command line of run. It stores the IDs
// of records in a file, each time that a state comes, and confirms the state then.
func storingTarget() {
	into := flag.String("into", "", "file of the IDs")
	dieAfter := flag.Int("die-after", 0, "records after which it fails")
	slow := flag.Duration("slow", 0, "how long each record takes")
	mute := flag.Bool("mute", false, "confirm nothing")
	end := flag.Int("exit", 0, "exit code at the end")
	fmt.Fprintln(os.Stderr, "the target begins")
	flag.Parse()
	records, waiting := 0, []byte(nil)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var m struct {
			Type   string
			Record struct{ ID json.Number }
			Value  json.RawMessage
		}
		if json.Unmarshal(line, &m) != nil {
			os.Exit(9)
		}
		switch m.Type {
		case "RECORD":
			if records++; records == *dieAfter {
				fmt.Fprintln(os.Stderr, "the target fails")
				os.Exit(1)
			}
			waiting = append(append(waiting, m.Record.ID...), '\n')
			time.Sleep(*slow)
		case "STATE":
			f, err := os.OpenFile(*into, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			if err == nil {
				_, err = f.Write(waiting)
			}
			if err != nil {
				os.Exit(8)
			}
			_ = f.Close()
			waiting = nil
			if !*mute {
				fmt.Printf("%s\n", m.Value)
			}
		}
	}
	os.Exit(*end)
}

// targetRun is what run is given in a test.
type targetRun struct {
	t                    *testing.T
	s                    *sample
	state, stored, sends string
}

// newTargetRun reads comments, in many pages.
func newTargetRun(t *testing.T, latency time.Duration) *targetRun {
	t.Helper()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{Faults: map[sampleapi.System]sampleapi.Faults{sampleapi.JSONPlaceholder: {Latency: latency}}},
		map[string]any{"page_size": 10})
	folder := t.TempDir()
	return &targetRun{t: t, s: s, state: filepath.Join(folder, "state.json"), stored: filepath.Join(folder, "stored.txt"), sends: s.file(t)}
}

// args are those of a run whose target has more arguments.
func (r *targetRun) args(target string) []string {
	return []string{"run", "--config", r.sends, "--streams", "comments", "--state-file", r.state, "--target",
		fmt.Sprintf("storing-target -into '%s' %s", r.stored, target)}
}

// start starts a run.
func (r *targetRun) start(target string) *child {
	r.t.Helper()
	c := &child{t: r.t, cmd: exec.Command("anytap", r.args(target)...)}
	c.start()
	return c
}

// end runs to the end, which must be a success.
func (r *targetRun) end() {
	r.t.Helper()
	if o := r.start("").end(); o.code != 0 {
		r.t.Fatalf("exit code %d\n%s", o.code, o.logs)
	}
}

// ids are those that were stored.
func (r *targetRun) ids() []string {
	data, _ := os.ReadFile(r.stored) // it need not be there yet
	return strings.Fields(string(data))
}

// allStored fails unless each comment was stored, and returns how many were stored again.
func (r *targetRun) allStored() (again int) {
	r.t.Helper()
	got := r.ids()
	unique := slices.Compact(slices.Sorted(slices.Values(got)))
	if len(unique) != 500 {
		r.t.Errorf("%d of 500 comments were stored", len(unique))
	}
	return len(got) - len(unique)
}

// wait waits until so many records were stored.
func (r *targetRun) wait(records int) {
	r.t.Helper()
	for begun := time.Now(); len(r.ids()) < records; time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			r.t.Fatalf("only %d records were stored", len(r.ids()))
		}
	}
}

func TestRunKeepsWhatTheTargetConfirms(t *testing.T) {
	t.Parallel()
	r := newTargetRun(t, 0)
	r.end()
	if again := r.allStored(); again > 0 {
		t.Errorf("%d records were stored twice", again)
	}
	info, err := os.Stat(r.state)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state file: %v, %v", info, err)
	}
	entries, err := os.ReadDir(filepath.Dir(r.state))
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	r.end() // a grown list goes on from there, and this one has not grown
	if again := r.allStored(); again > 0 {
		t.Errorf("%d records were stored twice by the next run", again)
	}
}

// TestRunIsKilledAndStartedAgain: whenever it is killed, the state file can be read and covers only
// what was stored, and the runs together store everything.
func TestRunIsKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	r := newTargetRun(t, time.Millisecond)
	kills := 0
	for stored := 20; ; stored += 60 {
		c := r.start("-slow 200us")
		for begun := time.Now(); len(r.ids()) < stored && time.Since(begun) < 2*time.Second; {
			time.Sleep(time.Millisecond)
		}
		if stored >= 400 {
			if o := c.end(); o.code != 0 {
				t.Fatalf("exit code %d\n%s", o.code, o.logs)
			}
			break
		}
		kills++
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.end()
		checkCovered(t, r)
	}
	if kills < 5 {
		t.Errorf("killed %d times only", kills)
	}
	r.allStored()
}

// checkCovered fails if the state file is broken or ahead of what was stored.
func checkCovered(t *testing.T, r *targetRun) {
	t.Helper()
	data, err := os.ReadFile(r.state)
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Bookmarks struct {
			Comments struct {
				LastID int `json:"last_id"`
			}
		}
	}
	if err := json.Unmarshal(data, &state); err != nil {
		t.Fatalf("the state file holds %q: %v", data, err)
	}
	if last := state.Bookmarks.Comments.LastID; last > 0 && !slices.Contains(r.ids(), fmt.Sprint(last)) {
		t.Errorf("the state covers record %d, which was not stored", last)
	}
}

func TestRunEndsAsItsPartsDo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		target string // more arguments of the target
		more   []string
		code   int
		said   string
	}{
		"well":                           {said: "INFO the target has stored what it was given"},
		"the target fails at once":       {target: "-die-after 1", code: frontend.ExitTarget, said: "storing-target failed: exit status 1; state.json has the last state that it confirmed"},
		"the target fails in between":    {target: "-die-after 300", code: frontend.ExitTarget, said: "storing-target: the target fails"},
		"the target fails at the end":    {target: "-exit 4", code: frontend.ExitTarget, said: "storing-target failed: exit status 4"},
		"the target confirms nothing":    {target: "-mute", said: "WARNING the target has confirmed no state"},
		"the tap fails":                  {more: []string{"--streams", "postz"}, code: frontend.ExitFailed, said: "did you mean posts?"},
		"no state file":                  {more: []string{"--state-file", ""}, code: frontend.ExitUsage, said: "run needs --state-file"},
		"no target":                      {more: []string{"--target", " "}, code: frontend.ExitUsage, said: "run needs --target"},
		"a target that is not there":     {more: []string{"--target", "no-such-target"}, code: frontend.ExitTarget, said: `start the target: exec: "no-such-target": executable file not found`},
		"a target that is half quoted":   {more: []string{"--target", "target 'x"}, code: frontend.ExitTarget, said: `"target 'x" can not be taken apart`},
		"a target that ends too early":   {more: []string{"--target", "true"}, code: frontend.ExitTarget, said: "true ended with success before everything was read"},
		"a state that is not a target's": {more: []string{"--state", "x.json"}, code: frontend.ExitUsage, said: "run takes --state-file in place of --state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newTargetRun(t, time.Millisecond)
			c := &child{t: t, cmd: exec.Command("anytap", append(r.args(test.target), test.more...)...)}
			c.start()
			o := c.end()
			if o.code != test.code || !strings.Contains(string(o.logs), test.said) {
				t.Errorf("exit code %d, want %d and %q\n%s", o.code, test.code, test.said, o.logs)
			}
			if len(o.out) > 0 {
				t.Errorf("stdout has %q", o.out)
			}
			if strings.Contains(test.target, "-die-after") || strings.Contains(test.target, "-exit") {
				r.end()
				r.allStored()
			}
		})
	}
}

// TestRunIsInterrupted: the target stores and confirms what it was given, so that nothing comes
// twice.
func TestRunIsInterrupted(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: frontend.ExitBroken, syscall.SIGTERM: frontend.ExitInterrupted} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			r := newTargetRun(t, 5*time.Millisecond)
			c := r.start("")
			r.wait(30)
			if err := c.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			o := c.end()
			if n := len(r.ids()); o.code != code || n == 0 || n == 500 {
				t.Errorf("exit code %d after %d records, want %d and some\n%s", o.code, n, code, o.logs)
			}
			if said := bytes.Count(o.logs, []byte("interrupted: the next run goes on")); said != 1 {
				t.Errorf("said %d times\n%s", said, o.logs)
			}
			r.end()
			if again := r.allStored(); again > 0 {
				t.Errorf("%d records were stored twice", again)
			}
		})
	}
}

func TestTwoRunsDoNotShareAState(t *testing.T) {
	t.Parallel()
	r := newTargetRun(t, 20*time.Millisecond)
	first := r.start("")
	r.wait(10)
	second := r.start("").end()
	want := fmt.Sprintf("state.json is in use by another run (process %d): wait until it has ended", first.cmd.Process.Pid)
	if second.code != frontend.ExitFailed || !strings.Contains(string(second.logs), want) {
		t.Errorf("exit code %d, want %q\n%s", second.code, want, second.logs)
	}
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.end()
	r.end() // the lock of a dead process is no hindrance
	r.allStored()
}

func TestTheTargetSeesNoVariablesOfOurs(t *testing.T) {
	t.Parallel()
	r := newTargetRun(t, 0)
	seen := filepath.Join(t.TempDir(), "seen.txt")
	script := golden.TempFile(t, "target.sh", "env >'"+seen+"'; cat >/dev/null; echo '{\"bookmarks\":{}}'")
	args := append(r.args(""), "--target", "sh '"+script+"'")
	c := &child{t: t, cmd: exec.Command("anytap", args...)}
	c.cmd.Env = append(os.Environ(), "ANYTAP_API_KEY=s3cr3t", "TARGET_KEY=known")
	c.start()
	if o := c.end(); o.code != 0 {
		t.Fatalf("exit code %d\n%s", o.code, o.logs)
	}
	data, err := os.ReadFile(seen)
	if err != nil || !bytes.Contains(data, []byte("TARGET_KEY=known")) || bytes.Contains(data, []byte("s3cr3t")) {
		t.Errorf("the target saw %s, %v", data, err)
	}
}
