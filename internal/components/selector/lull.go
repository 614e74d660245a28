package selector

import (
	"cmp"
	"errors"
	"io"
	"time"

	"anytap/internal/rest"
)

// lullAfter is how long records of an answer that is read as it comes wait for those behind them.
const lullAfter = 10 * time.Second

// receive sets how an answer's records are handed on: all at once where it is held whole, else in batches.
func (l *line) receive(r *rest.Response) {
	_, held := r.Held()
	if !held || l.decoder.Streams() {
		l.most = batchSize
	}
	if !held {
		r.Body = &lullReader{r.Body, l, cmp.Or(l.lull, lullAfter)}
	}
}

var errStopped = errors.New("no more records are wanted")

// lullReader reads an answer for a line. When records have waited long enough for those that are still to come, it hands them on.
type lullReader struct {
	io.ReadCloser
	line  *line
	after time.Duration
}

// Read is io.Reader's. It hands on records between two of the line's own steps only, from the line's goroutine.
func (b *lullReader) Read(p []byte) (int, error) {
	l := b.line
	if len(l.batch) == 0 {
		return b.ReadCloser.Read(p)
	}
	type result struct {
		n   int
		err error
	}
	came := make(chan result, 1)
	go func() {
		n, err := b.ReadCloser.Read(p)
		came <- result{n, err}
	}()
	lull := time.NewTimer(b.after - time.Since(l.since))
	defer lull.Stop()
	select {
	case r := <-came:
		return r.n, r.err
	case <-lull.C:
	}
	waiting := l.batch
	l.batch = nil
	l.stopped = !l.yield(waiting, nil) || !l.yield(nil, nil)
	r := <-came
	if l.stopped {
		return 0, errStopped
	}
	return r.n, r.err
}
