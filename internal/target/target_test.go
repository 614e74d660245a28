package target

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/quick"
	"time"

	"anytap/internal/value"
)

// TestMain is also a target: what it does stands in ROLE.
func TestMain(m *testing.M) {
	switch os.Getenv("ROLE") {
	case "talk":
		_, _ = os.Stdout.WriteString("{\"bookmarks\":{\"a\":{\"x\":1}}}\nno state\n{\"type\":\"STATE\",\"value\":{\"bookmarks\":{}}}\n[1]\nlast")
		_, _ = os.Stderr.WriteString("a log\r\n")
		os.Exit(0)
	case "sleep":
		time.Sleep(time.Minute)
		os.Exit(0)
	case "":
		os.Exit(m.Run())
	}
}

// heard collects what a target prints.
type heard struct {
	mu    sync.Mutex
	lines []string
}

func (h *heard) say(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
}

func (h *heard) start(t *testing.T, role string) *Target {
	t.Helper()
	target, err := Start(Options{
		Command: "'" + os.Args[0] + "'", Environment: []string{"ROLE=" + role, "ANYTAP_ROLE=x"},
		Confirmed: func(d *value.Dict) { h.say("state " + string(value.Append(nil, d))) },
		Said:      func(line string) { h.say("said " + line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestStatesAndLogsAreToldApart(t *testing.T) {
	t.Parallel()
	var h heard
	if err := h.start(t, "talk").Finish(nil, 0); err != nil {
		t.Fatal(err)
	}
	want := []string{`said [1]`, `said a log`, `said last`, `said no state`, `state {"bookmarks":{"a":{"x":1}}}`, `state {"bookmarks":{}}`}
	if got := slices.Sorted(slices.Values(h.lines)); !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
}

func TestATargetThatDoesNotEndIsEnded(t *testing.T) {
	t.Parallel()
	var h heard
	target := h.start(t, "sleep")
	hurry := make(chan struct{})
	close(hurry)
	begun := time.Now()
	if err := target.Finish(hurry, 50*time.Millisecond); err == nil || time.Since(begun) > 20*time.Second {
		t.Errorf("ended with %v after %v", err, time.Since(begun))
	}
}

// TestLinesAreTheSameHoweverTheyCome writes a text in pieces of any size.
func TestLinesAreTheSameHoweverTheyCome(t *testing.T) {
	t.Parallel()
	same := func(texts []string, cut uint8) bool {
		var all bytes.Buffer
		var want []string
		for _, text := range texts {
			text = strings.NewReplacer("\n", "", "\r", "").Replace(text)
			all.WriteString(text + "\n")
			if text != "" {
				want = append(want, text)
			}
		}
		var got []string
		l := lines{say: func(line string) { got = append(got, line) }}
		for piece := range slices.Chunk(all.Bytes(), int(cut)+1) {
			if n, err := l.Write(piece); n != len(piece) || err != nil {
				return false
			}
		}
		l.end()
		return slices.Equal(got, want)
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
}

func TestCommandsThatCanNotBeStarted(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"":              "the command is empty",
		"   ":           "the command is empty",
		"a 'b":          "can not be taken apart",
		`a \`:           "can not be taken apart",
		"no-such-x y z": "executable file not found",
	} {
		if _, err := Start(Options{Command: command}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", command, err, want)
		}
	}
}
