package exchange_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/value"
)

// still answers every request with the same body, at no cost of its own.
type still struct{ body []byte }

type stillBody struct {
	data []byte
}

func (b *stillBody) Read(p []byte) (int, error) {
	n := copy(p, b.data)
	if b.data = b.data[n:]; len(b.data) == 0 {
		return n, io.EOF
	}
	return n, nil
}
func (*stillBody) Close() error { return nil }

var stillHeader = http.Header{"Content-Type": {"application/json"}}

func (s still) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: stillHeader, ContentLength: int64(len(s.body)), Body: &stillBody{s.body}, Request: req}, nil
}

// BenchmarkExchange is one exchange of 100 KB without the network: what all layers cost together.
func BenchmarkExchange(b *testing.B) {
	body := make([]byte, 100<<10)
	rt := &rest.Runtime{Transport: still{body}}
	x := clientWith(rt, rest.Settings{Secrets: []string{"some-secret"}}).NewEndpoint(exchange.Setup{Auth: &token{}})
	own := &rest.Parts{Params: value.DictOf("limit", "100"), Headers: value.DictOf("Accept", "application/json")}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		r, err := x.Send(context.Background(), "http://api.test/v1/items", own, &rest.Parts{Params: value.DictOf("page", 3)})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
