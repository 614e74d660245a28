package resttest

import (
	"bytes"
	"net/http"
	"sync"
	"sync/atomic"
)

// wire is a transport that may stall: then a request waits until it is cancelled.
type wire struct {
	Transport

	stalls atomic.Bool
	asked  chan struct{} // gets a value when a request begins to wait
}

// RoundTrip answers a request, or waits for its end.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.stalls.Load() {
		return w.Transport.RoundTrip(r)
	}
	select {
	case w.asked <- struct{}{}:
	default:
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends a line.
func (l *lockedBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(line)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
