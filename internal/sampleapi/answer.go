package sampleapi

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// recorder notes the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// mangleAfter is how many bytes of a body are held back to find its middle. A longer body is spoilt
// within them.
const mangleAfter = 256 << 10

var errMangled = errors.New("the rest of this answer is withheld")

// answer spoils and compresses the body that an api writes.
type answer struct {
	http.ResponseWriter
	r      *http.Request
	done   <-chan struct{}
	mangle func(*answer) // spoils the body; nil: it stays as it is
	text   bool
	gz     *gzip.Writer

	status  int // of the kept header, 0 before WriteHeader
	started bool
	kept    []byte
	over    bool
}

func newAnswer(w http.ResponseWriter, r *http.Request, c *call, done <-chan struct{}) *answer {
	a := &answer{ResponseWriter: w, r: r, done: done}
	if c.token {
		return a
	}
	f := c.faults
	a.text = due(f.TextType, c.number)
	switch {
	case due(f.Cut, c.number):
		a.mangle = (*answer).cutOff
	case due(f.Stall, c.number):
		a.mangle = (*answer).stall
	case due(f.InvalidJSON, c.number):
		a.mangle = (*answer).truncate
	}
	if f.Gzip == gzipAlways || f.Gzip == gzipAccepted && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		a.gz = gzip.NewWriter(w)
	}
	return a
}

// WriteHeader holds the status back until it is known how the body ends.
func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(p []byte) (int, error) {
	if a.over {
		return 0, errMangled
	}
	if a.mangle == nil {
		a.start()
		return a.body().Write(p)
	}
	a.kept = append(a.kept, p...)
	if len(a.kept) >= mangleAfter {
		a.spoil()
	}
	return len(p), nil
}

// finish must follow the last Write.
func (a *answer) finish() {
	if a.mangle != nil && !a.over {
		a.spoil()
	}
	a.start()
	if a.gz != nil {
		_ = a.gz.Close() // fails only when the client has gone
	}
}

func (a *answer) start() {
	if a.started {
		return
	}
	a.started = true
	if a.text {
		a.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	if a.gz != nil {
		a.Header().Set("Content-Encoding", "gzip")
		a.Header().Del("Content-Length")
	}
	if a.status != 0 {
		a.ResponseWriter.WriteHeader(a.status)
	}
}

func (a *answer) body() io.Writer {
	if a.gz != nil {
		return a.gz
	}
	return a.ResponseWriter
}

func (a *answer) spoil() {
	a.over = true
	a.kept = a.kept[:len(a.kept)/2]
	a.mangle(a)
}

// sendHalf sends the bytes that are held back, so that the client has them before anything else
// happens.
func (a *answer) sendHalf() {
	a.start()
	_, _ = a.body().Write(a.kept)
	if a.gz != nil {
		_ = a.gz.Flush()
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush()
}

func (a *answer) cutOff() {
	a.sendHalf()
	panic(http.ErrAbortHandler)
}

func (a *answer) stall() {
	a.sendHalf()
	select {
	case <-a.r.Context().Done():
	case <-a.done:
	}
	panic(http.ErrAbortHandler)
}

func (a *answer) truncate() {
	a.Header().Set("Content-Length", strconv.Itoa(len(a.kept)))
	a.start()
	_, _ = a.body().Write(a.kept)
}
