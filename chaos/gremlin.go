package main

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// gremlin stands before an API and spoils its answers. Before it stands Toxiproxy, which spoils the
// connections: program → Toxiproxy → gremlin → API.
type gremlin struct {
	*httptest.Server
	wire     *wire
	upstream string // address of the API
	alias    string // host and port that stand for the API's in its answers; the proxy's take their place
	revoke   func() // makes the tokens invalid that the API gave out; nil: there are none
	client   http.Client

	mu       sync.Mutex
	requests int // of this run
	strikes  []strike
	refused  map[string]bool // values of Authorization that are not valid any more
	badUntil time.Time       // until then, connections get a certificate of a stranger
}

// startGremlin starts both proxies; with certificates they speak TLS.
func startGremlin(upstream string, certificates *authority) (*gremlin, error) {
	g := &gremlin{upstream: upstream, refused: map[string]bool{}}
	g.client = http.Client{
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 32},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	g.Server = httptest.NewUnstartedServer(g)
	g.Config.ErrorLog = quiet
	if certificates == nil {
		g.Start()
	} else {
		g.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if time.Now().Before(g.badUntil) {
				return &tls.Config{Certificates: []tls.Certificate{*certificates.strange}}, nil
			}
			return &tls.Config{Certificates: []tls.Certificate{*certificates.good}}, nil
		}}
		g.StartTLS()
	}
	var err error
	g.wire, err = startWire(g.Listener.Addr().String())
	return g, err
}

func (g *gremlin) stop() {
	g.wire.stop()
	g.CloseClientConnections()
	g.Close()
	g.client.CloseIdleConnections()
}

// arm begins a new run with its strikes.
func (g *gremlin) arm(strikes []strike) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests, g.strikes, g.badUntil = 0, strikes, time.Time{}
	clear(g.refused)
	g.wire.heal()
}

// seen is the number of requests of this run.
func (g *gremlin) seen() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests
}

// next counts a request and gives the strike that hits it, if any. Those of the wire begin here.
func (g *gremlin) next(r *http.Request) (s strike, hit bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	for _, s := range g.strikes {
		switch {
		case s.at == g.requests && s.fault == "certificate":
			g.badUntil = time.Now().Add(s.lasts())
			return s, true
		case s.at == g.requests && s.fault == "revoke" && g.revoke != nil:
			g.revoke()
		case s.at == g.requests && g.wire.strike(s):
		case s.hits(g.requests) && s.fault == "revoke" && g.revoke == nil:
			g.refused[r.Header.Get("Authorization")] = true
		case s.hits(g.requests):
			return s, true
		}
	}
	return strike{}, g.refused[r.Header.Get("Authorization")]
}

// answer is a whole answer of the API. cut says that it broke off.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool
}

func (g *gremlin) ask(r *http.Request) (*answer, error) {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, g.upstream+r.URL.RequestURI(), r.Body)
	if err != nil {
		return nil, err
	}
	req.Header, req.Host, req.ContentLength = r.Header, r.Host, r.ContentLength
	if r.TLS != nil {
		req.Header.Set("X-Forwarded-Proto", "https")
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	a := &answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(resp.Body)
	a.cut = err != nil
	a.header.Del("Content-Length")
	if g.alias != "" {
		a.body = bytes.ReplaceAll(a.body, []byte(g.alias), []byte(r.Host))
		for _, values := range a.header {
			for i := range values {
				values[i] = strings.ReplaceAll(values[i], g.alias, r.Host)
			}
		}
	}
	return a, nil
}

func (g *gremlin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, hit := g.next(r)
	if hit && s.fault == "" {
		write(w, http.StatusUnauthorized, map[string]any{"error": "the token was revoked"})
		return
	}
	if hit && instead(w, r, s) {
		return
	}
	a, err := g.ask(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if hit {
		a.spoil(w, r, s)
		return
	}
	a.send(w)
}

// instead answers where a fault needs no answer of the API.
func instead(w http.ResponseWriter, r *http.Request, s strike) bool {
	h := w.Header()
	switch s.fault {
	case "html":
		h.Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>")
	case "429":
		h.Set("Retry-After", []string{"1", "0", time.Now().Add(time.Second).UTC().Format(http.TimeFormat)}[s.arg%3])
		write(w, http.StatusTooManyRequests, map[string]any{"error": "slow down"})
	case "429 bare":
		write(w, http.StatusTooManyRequests, map[string]any{"error": "slow down"})
	case "5xx":
		write(w, s.arg, map[string]any{"error": "it is our fault"})
	case "redirect", "redirect loop":
		h.Set("Location", r.URL.RequestURI())
		w.WriteHeader(http.StatusTemporaryRedirect)
	case "nowhere": // a name that is too long fails without a question to any server
		h.Set("Location", "http://"+strings.Repeat("x", 64)+".invalid/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		return false
	}
	return true
}

// send sends an answer as the API gave it.
func (a *answer) send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)+1))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may have gone
	if a.cut {
		flush(w)
		panic(http.ErrAbortHandler)
	}
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// spoil sends an answer with a fault.
func (a *answer) spoil(w http.ResponseWriter, r *http.Request, s strike) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	body := a.body
	part := body[:len(body)*min(s.arg, 9)/10]
	length := func(n int) { h.Set("Content-Length", strconv.Itoa(n)) }
	end := func() { panic(http.ErrAbortHandler) }
	switch s.fault {
	case "cut", "long":
		length(len(body))
		if s.fault == "long" {
			length(len(body) + 1 + s.arg)
			part = body
		}
	case "short":
		part = body[:max(0, len(body)-1-s.arg)]
		length(len(part))
		end = func() {}
	case "gzip damaged", "gzip cut":
		part = damaged(body, s)
		h.Set("Content-Encoding", "gzip")
		end = func() {}
	case "stall":
		length(len(body))
		end = func() { hang(r) }
	case "drip":
		length(len(body))
		w.WriteHeader(a.status)
		drip(w, body)
		return
	case "empty":
		part, end = nil, func() {}
	case "close", "certificate":
		h.Set("Connection", "close")
		part, end = body, func() {}
	case "no type":
		h.Set("Content-Type", "application/octet-stream")
		part, end = body, func() {}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(part) // the client may have gone
	flush(w)
	end()
}

// damaged is a body in gzip with a wrong byte, or without its end.
func damaged(body []byte, s strike) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // into memory
	_ = z.Close()
	packed := b.Bytes()
	at := 10 + (len(packed)-11)*min(s.arg, 9)/10
	if s.fault == "gzip cut" {
		return packed[:at]
	}
	packed[at] ^= 0x10
	return packed
}

// drip sends a body in small pieces.
func drip(w http.ResponseWriter, body []byte) {
	size := max(len(body)/12, 1)
	for len(body) > 0 {
		n := min(size, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		flush(w)
		body = body[n:]
		time.Sleep(30 * time.Millisecond)
	}
}

// hang waits until the client has gone.
func hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(20 * time.Second):
	}
	panic(http.ErrAbortHandler)
}

// closedPort is an address of this machine where nobody listens.
func closedPort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:1"
	}
	defer l.Close() //nolint:errcheck // it is not used
	return l.Addr().String()
}
