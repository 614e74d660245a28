package exchange_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
)

// drip is a body that gives some bytes at a time, each after a while.
type drip struct {
	ctx   context.Context
	left  int // bytes; negative: it never ends
	each  int
	every time.Duration
}

func (d *drip) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	select {
	case <-time.After(d.every):
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
	n := min(len(p), d.each)
	if d.left > 0 {
		n = min(n, d.left)
		d.left -= n
	}
	for i := range n {
		p[i] = ' '
	}
	return n, nil
}

func (*drip) Close() error { return nil }

type dripping struct{ body drip }

func (d dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	body := d.body
	body.ctx = r.Context()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: &body, ContentLength: -1, Request: r}, nil
}

// TestSlowBodiesEnd reads bodies of several speeds, on synctest's clock.
func TestSlowBodiesEnd(t *testing.T) {
	for name, test := range map[string]struct {
		body     drip
		settings rest.Settings
		after    time.Duration // that the try ends, at most
		fails    string
	}{
		"a byte a second, for ever":        {drip{left: -1, each: 1, every: time.Second}, rest.Settings{}, 306 * time.Second, "min_speed"},
		"a byte a second, ends in time":    {drip{left: 290, each: 1, every: time.Second}, rest.Settings{}, 291 * time.Second, ""},
		"a kilobyte a second, for an hour": {drip{left: 3600 << 10, each: 1 << 10, every: time.Second}, rest.Settings{}, time.Hour + time.Second, ""},
		"a kilobyte every four minutes":    {drip{left: -1, each: 1 << 10, every: 4 * time.Minute}, rest.Settings{}, 8 * time.Minute, "min_speed"},
		"silence":                          {drip{left: -1, each: 1, every: time.Hour}, rest.Settings{}, 300 * time.Second, "nothing came"},
		"its own timeout":                  {drip{left: -1, each: 1, every: time.Second}, rest.Settings{ReadTimeout: 10 * time.Second}, 11 * time.Second, "10s"},
		"its own speed":                    {drip{left: 1000, each: 1, every: time.Second}, rest.Settings{MinSpeed: 0.5}, 1001 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				none := 0
				test.settings.MaxRetries = &none
				rt := resttest.Runtime(nil, resttest.NewClock())
				rt.Transport = dripping{test.body}
				began := time.Now()
				_, err := clientWith(rt, test.settings).NewEndpoint(exchange.Setup{Stream: "s"}).Send(t.Context(), "http://api.test/a", nil, nil)
				took := time.Since(began)
				if (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) {
					t.Errorf("got %v, want %q", err, test.fails)
				}
				if took > test.after {
					t.Errorf("it took %v, want at most %v", took, test.after)
				}
			})
		})
	}
}

// TestSlowReadersAreNoSlowBodies lets the reader of a large body wait for minutes between its
// reads.
func TestSlowReadersAreNoSlowBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := resttest.Runtime(nil, resttest.NewClock())
		rt.Transport = dripping{drip{left: 20 << 20, each: 32 << 10, every: time.Millisecond}}
		x := exchange.NewClient(rt).NewEndpoint(exchange.Setup{Stream: "s", Streams: true})
		r, err := x.Send(t.Context(), "http://api.test/a", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for buffer := make([]byte, 4<<20); ; {
			time.Sleep(20 * time.Minute)
			n, err := io.ReadFull(r.Body, buffer)
			total += n
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if total != 20<<20 {
			t.Errorf("%d bytes came", total)
		}
		_ = r.Body.Close()
	})
}

// TestARequestThatWasGivenUpIsTriedOnce asks for a page that is always refused, for one that is
// not, and for the first again, as inference and the read do.
func TestARequestThatWasGivenUpIsTriedOnce(t *testing.T) {
	t.Parallel()
	clock, retries := resttest.NewClock(), 3
	transport := &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		if strings.HasSuffix(r.URL, "/2") {
			return resttest.Answer{Status: 429}
		}
		return resttest.Answer{Body: `{}`}
	}}
	client := clientWith(resttest.Runtime(transport, clock), rest.Settings{MaxRetries: &retries})
	x := client.NewEndpoint(exchange.Setup{Stream: "s"})
	ask := func(page string) (tries int) {
		before := len(transport.Log())
		_, _ = x.Send(t.Context(), "http://api.test/"+page, nil, nil)
		return len(transport.Log()) - before
	}
	if first, other, again := ask("2"), ask("1"), ask("2"); first != 4 || other != 1 || again != 1 {
		t.Errorf("tries: %d, %d and %d; want 4, 1 and 1", first, other, again)
	}
	_ = clock.Sleep(t.Context(), 2*time.Minute)
	if other, later := ask("1"), ask("2"); other != 1 || later != 4 {
		t.Errorf("%d and %d tries two minutes later, want 1 and 4", other, later)
	}
}
