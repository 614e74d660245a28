package cli

import (
	"anytap/internal/tap"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/vbauerster/cupwriter"
)

// progress shows on a terminal what is under way, in lines that change. What is written to it, the
// logs, stands above them.
type progress struct {
	mu    sync.Mutex
	out   *cupwriter.Writer
	shown []*shownLine
	stop  chan struct{}
	drawn sync.WaitGroup
}

type shownLine struct{ text func() string }

// redrawEvery is how often the lines are drawn anew.
const redrawEvery = 200 * time.Millisecond

// showProgress makes stderr show what is under way, until end is called. show is nil where stderr
// is no terminal, or messages are written to one, between which nothing could be read.
func (c *call) showProgress() (show func(text func() string) (end func()), end func()) {
	if c.quiet || !isTerminal(c.stderr) || isTerminal(c.stdout) {
		return nil, func() {}
	}
	p := newProgress(cupwriter.New(c.stderr, false))
	c.stderr = p
	return p.Begin, p.Close
}

func newProgress(out *cupwriter.Writer) *progress {
	p := &progress{out: out, stop: make(chan struct{})}
	p.drawn.Go(func() {
		defer tap.Guard()
		p.redraw()
	})
	return p
}

// isTerminal reports whether a stream of the process is a terminal, where a person looks.
func isTerminal(stream io.Writer) bool {
	f, ok := stream.(*os.File)
	return ok && cupwriter.New(f, false).IsTerminal()
}

func (p *progress) redraw() {
	tick := time.NewTicker(redrawEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.mu.Lock()
			_ = p.draw()
			p.mu.Unlock()
		case <-p.stop:
			return
		}
	}
}

// Begin shows a line until end is called. text is asked for what it says.
func (p *progress) Begin(text func() string) (end func()) {
	line := &shownLine{text}
	p.mu.Lock()
	p.shown = append(p.shown, line)
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		p.shown = slices.DeleteFunc(p.shown, func(l *shownLine) bool { return l == line })
		p.mu.Unlock()
	}
}

// Write writes whole lines above those that change.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.out.Write(b)
	return len(b), p.draw()
}

// draw draws as many lines as the terminal is high; callers hold mu.
func (p *progress) draw() error {
	width, height, err := p.out.GetTermSize()
	if err != nil || width == 0 {
		width, height = 80, 24 // some terminals do not say
	}
	lines := p.shown[:min(len(p.shown), max(height-1, 0))]
	for _, line := range lines {
		text := []rune(line.text())
		_, _ = fmt.Fprintln(p.out, string(text[:min(len(text), max(width-1, 0))]))
	}
	return p.out.Flush(len(lines))
}

// Close takes the lines away.
func (p *progress) Close() {
	close(p.stop)
	p.drawn.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = nil
	_ = p.draw()
}
