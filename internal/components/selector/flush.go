package selector

import (
	"anytap/internal/tap"
	"cmp"
	"errors"
	"io"
	"time"

	"anytap/internal/rest"
)

// maxWait is how long a batch may wait to become full while an answer is still arriving.
const maxWait = 10 * time.Second

// receive decides how the records of an answer are handed on: all at once if it is held whole, else
// in batches.
func (l *line) receive(r *rest.Response) {
	l.response = r
	_, held := r.Held()
	if !held || l.decoder.Abilities().Streams {
		l.most = batchSize
	}
	if !held {
		r.Body = &flushingReader{r.Body, l, cmp.Or(l.flushAfter, maxWait)}
	}
}

var errStopped = errors.New("no more records are wanted")

// flushingReader reads an answer for a line, and hands on the line's batch when that has waited
// long enough. The empty batch after it says that nothing more has come for a while.
type flushingReader struct {
	io.ReadCloser
	line  *line
	after time.Duration
}

// Read is io.Reader's. The batch is handed on by the line's own goroutine, which waits here for
// more of the answer.
func (b *flushingReader) Read(p []byte) (int, error) {
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
		defer tap.Guard()
		n, err := b.ReadCloser.Read(p)
		came <- result{n, err}
	}()
	wait := time.NewTimer(b.after - time.Since(l.since))
	defer wait.Stop()
	select {
	case r := <-came:
		return r.n, r.err
	case <-wait.C:
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
