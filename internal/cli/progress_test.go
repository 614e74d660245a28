package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vbauerster/cupwriter"
)

// TestProgressStandsBelowTheLogs draws on a terminal that is a buffer, and follows the movements of
// the cursor to see what stands there.
func TestProgressStandsBelowTheLogs(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(cupwriter.New(&out, true))
	endA := p.Begin(func() string { return "a: 1 record" })
	endB := p.Begin(func() string { return "b: " + strings.Repeat("long ", 100) })
	write := func(line string) {
		if _, err := p.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	screen := func() string {
		p.mu.Lock()
		defer p.mu.Unlock()
		return onScreen(out.String())
	}
	write("first log")
	b := ("b: " + strings.Repeat("long ", 100))[:79]
	if got, want := screen(), "first log\na: 1 record\n"+b+"\n"; got != want {
		t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
	endA()
	write("second log")
	if got, want := screen(), "first log\nsecond log\n"+b+"\n"; got != want {
		t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
	endB()
	p.Close()
	write("after the end")
	if got, want := screen(), "first log\nsecond log\nafter the end\n"; got != want {
		t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
}

// onScreen carries out "up n lines and clear what is below".
func onScreen(written string) string {
	var lines []string
	for written != "" {
		if rest, ok := strings.CutPrefix(written, "\x1b["); ok {
			n := 0
			for ; rest[0] != 'A'; rest = rest[1:] {
				n = 10*n + int(rest[0]-'0')
			}
			lines, written = lines[:len(lines)-n], strings.TrimPrefix(rest, "A\x1b[J")
			continue
		}
		line, rest, _ := strings.Cut(written, "\n")
		lines, written = append(lines, line+"\n"), rest
	}
	return strings.Join(lines, "")
}
