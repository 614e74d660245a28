package frontend

import (
	"context"
	"io"
	"os"
	"time"
)

// The times of Settle. A reader of the pipe has taken lines that it has not parsed yet. How long it
// needs for those is estimated from how long it took to empty the pipe.
const (
	settlePoll  = 2 * time.Millisecond   // between two looks at the pipe
	settleStall = time.Second            // a reader that takes nothing for so long does not read any more
	settleLeast = 40 * time.Millisecond  // the shortest time for the lines that were taken
	settleMost  = 500 * time.Millisecond // the longest
	readAhead   = 16 << 10               // bytes that a reader takes at once, with some to spare
)

// Settle ends the output of a program that is about to exit, so that its reader gets the last
// lines. Some readers, such as singer-check-tap, drop what they have not parsed when the tap exits.
// Where out is a pipe, Settle waits until the reader has taken everything, closes the pipe, and
// waits for a moment more. Other outputs are left alone. ctx ends the wait.
func Settle(ctx context.Context, out io.Writer) {
	f, ok := out.(*os.File)
	if !ok {
		return
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	rest, took := drain(ctx, func() int { return queued(f) })
	_ = f.Close() // the errors of all writes have been seen
	pause(ctx, lastLines(rest, took))
}

// drain waits until nothing is queued. It returns how many bytes were, and how long the reader took
// for them.
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

// lastLines is how long a reader that took so long for size bytes may need for what it has taken
// and not parsed.
func lastLines(size int, took time.Duration) time.Duration {
	if size == 0 {
		return settleLeast
	}
	return min(settleMost, max(settleLeast, took*readAhead/time.Duration(size)))
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
