package exchange_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// The stages of a page of 100 records up to its bytes. BenchmarkExchange is the same with a body in
// memory.

// benchExchange asks for page after page; size is that of the body.
func benchExchange(b *testing.B, transport http.RoundTripper, url string, size int) {
	b.Helper()
	x := exchange.NewClient(&rest.Runtime{Transport: transport}).NewEndpoint(exchange.Setup{Auth: &token{}})
	own := &rest.Parts{Params: value.DictOf("limit", "100"), Headers: value.DictOf("Accept", "application/json")}
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		r, err := x.Send(b.Context(), url, own, &rest.Parts{Params: value.DictOf("page", 3)})
		if err != nil {
			b.Fatal(err)
		}
		body, err := r.Bytes()
		if err != nil || len(body) != size {
			b.Fatal(len(body), err)
		}
		r.Release()
	}
}

// BenchmarkAsk is what a request costs before it leaves and until its answer's head was judged.
func BenchmarkAsk(b *testing.B) {
	benchExchange(b, still{[]byte("{}")}, "http://api.test/v1/items", 2)
}

// BenchmarkReceive has a server at the other end of a connection, of which half of the system's
// work is.
func BenchmarkReceive(b *testing.B) {
	body := taptest.PageText(100)
	transport := exchange.NewTransport()
	defer transport.CloseIdleConnections()
	benchExchange(b, transport, "http://"+serveAlways(b, body)+"/v1/items", len(body))
}

// BenchmarkDecompress is an exchange without network of which the answer is compressed, at the
// fastest level as APIs do it.
func BenchmarkDecompress(b *testing.B) {
	body := taptest.PageText(100)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := z.Write(body); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	benchExchange(b, zipped{still{packed.Bytes()}}, "http://api.test/v1/items", len(body))
}

var zippedHeader = http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}

type zipped struct{ still }

func (s zipped) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.still.RoundTrip(req)
	resp.Header = zippedHeader
	return resp, err
}

// serveAlways answers every request with body, at the least cost, and gives its address.
func serveAlways(b *testing.B, body []byte) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	answer := append(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(body)), body...)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answerAlways(c, answer)
		}
	}()
	return l.Addr().String()
}

func answerAlways(c net.Conn, answer []byte) {
	defer func() { _ = c.Close() }()
	for in := bufio.NewReader(c); ; {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) > 2 {
			continue
		}
		if _, err := c.Write(answer); err != nil {
			return
		}
	}
}
