package resttest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Answer is one recorded answer.
type Answer struct {
	Status int // 0: 200
	// Header lines, such as "Retry-After: 3". The content type is JSON unless a line says
	// otherwise.
	Header []string
	Body   string
	// Gzip compresses the body and says so.
	Gzip bool
	// Cut breaks the body off in its middle.
	Cut bool
	// Err is a connection that fails.
	Err error
}

// Request is one request as it was sent.
type Request struct {
	Method, URL string
	Header      http.Header
	Body        string
}

// String gives "GET http://host/path?query" and, after a blank, the body if there is one.
func (r Request) String() string { return strings.TrimRight(r.Method+" "+r.URL+" "+r.Body, " ") }

// Transport is an http.RoundTripper that answers from a script and logs what it was asked. It is
// safe for concurrent use.
type Transport struct {
	// Script answers the requests in turn; the last answer is given again and again.
	Script []Answer
	// Reply, if not nil, answers instead of Script; n counts the requests from 1.
	Reply func(n int, r Request) Answer

	mu  sync.Mutex
	log []Request
}

// Script makes a Transport of recorded answers.
func Script(answers ...Answer) *Transport { return &Transport{Script: answers} }

// Log lists the requests so far.
func (t *Transport) Log() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Request(nil), t.log...)
}

// Lines is Log with each request as its String.
func (t *Transport) Lines() []string {
	var lines []string
	for _, r := range t.Log() {
		lines = append(lines, r.String())
	}
	return lines
}

// RoundTrip answers a request.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	r := Request{Method: req.Method, URL: req.URL.String(), Header: req.Header.Clone()}
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.Body = string(data)
	}
	a, err := t.answer(r)
	if ended := req.Context().Err(); ended != nil {
		return nil, ended // as a connection that is cut
	}
	if err != nil {
		return nil, err
	}
	return a.response(req), nil
}

func (t *Transport) answer(r Request) (Answer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log = append(t.log, r)
	n := len(t.log)
	var a Answer
	switch {
	case t.Reply != nil:
		a = t.Reply(n, r)
	case len(t.Script) == 0:
		return a, fmt.Errorf("no answer recorded for %s", r)
	default:
		a = t.Script[min(n, len(t.Script))-1]
	}
	return a, a.Err
}

func (a Answer) response(req *http.Request) *http.Response {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	header := http.Header{"Content-Type": {"application/json"}}
	seen := map[string]bool{}
	for _, line := range a.Header {
		name, v, _ := strings.Cut(line, ":")
		name = http.CanonicalHeaderKey(strings.TrimSpace(name))
		if !seen[name] {
			header.Del(name)
		}
		seen[name] = true
		header.Add(name, strings.TrimSpace(v))
	}
	body := []byte(a.Body)
	if a.Gzip {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(body)
		_ = z.Close()
		body = b.Bytes()
		header.Set("Content-Encoding", "gzip")
	}
	resp := &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Request: req,
	}
	if a.Cut {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), broken{}))
	} else {
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp
}

// broken is the end of a body whose connection was lost.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
