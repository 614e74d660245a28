package frontend

import (
	"context"
	"io"
	"os"
	"time"
)

// The times of Settle: readers that look for the last lines only once the writer has ended lose those that they have not parsed
// by then. What a reader holds in its own buffer is given as long as the pipe's last part took, in proportion.
const (
	settlePoll  = 2 * time.Millisecond
	settleStall = time.Second            // without any progress for so long, the reader is not going to read
	settleLeast = 40 * time.Millisecond  // for the last lines, whatever was measured
	settleMost  = 500 * time.Millisecond // for what the reader has taken and not parsed
	readAhead   = 16 << 10               // what readers take at once, with some to spare
)

// Settle ends the output of a program that is about to exit: where it is a pipe, it waits until its reader has taken
// everything, closes it, and gives the reader a moment for the last lines. singer-check-tap drops what it has not parsed when the
// tap exits. Other outputs are left alone, and ctx ends the wait.
func Settle(ctx context.Context, out io.Writer) {
	f, ok := out.(*os.File)
	if !ok {
		return
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	rest, took := drain(ctx, func() int { return queued(f) })
	_ = f.Close() // every line was written and its error seen
	pause(ctx, lastLines(rest, took))
}

// drain waits until nothing is queued; it returns what was, and how long the reader took.
func drain(ctx context.Context, queued func() int) (size int, took time.Duration) {
	start := time.Now()
	size = queued()
	last, progress := size, start
	for left := size; left > 0 && ctx.Err() == nil && time.Since(progress) < settleStall; left = queued() {
		if left != last {
			last, progress = left, time.Now()
		}
		pause(ctx, settlePoll)
	}
	return size, time.Since(start)
}

// lastLines is how long a reader that took so long for size bytes may need for those in its own buffer.
func lastLines(size int, took time.Duration) time.Duration {
	if size == 0 {
		return settleLeast
	}
	return min(settleMost, max(settleLeast, took*readAhead/time.Duration(size)))
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
