package exchange_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// handoverStep is one request: of a stream, for a page, as one that hands its answer over or not.
type handoverStep struct {
	stream, page string
	gives, anew  bool
	wait         time.Duration // before it
	asks         bool          // the API is asked
}

func TestAnswersAreHandedOverOnce(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 9<<20)
	tests := map[string]struct {
		body   string
		method string
		steps  []handoverStep
	}{
		"once": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1"}, {stream: "a", page: "1", asks: true},
		}},
		"by POST": {`{}`, "POST", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "2", asks: true}, {stream: "a", page: "1"},
		}},
		"to the same stream": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "b", page: "1", asks: true}, {stream: "a", page: "1"},
		}},
		"while it is fresh": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1", wait: 61 * time.Second, asks: true},
		}},
		"not to one who wants the present": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1", anew: true, asks: true},
		}},
		"not another one's again": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1", gives: true, asks: true},
		}},
		"to equal requests, each one": {`{}`, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1", gives: true, asks: true},
			{stream: "a", page: "1"}, {stream: "a", page: "1"}, {stream: "a", page: "1", asks: true},
		}},
		"not what is large": {large, "", []handoverStep{
			{stream: "a", page: "1", gives: true, asks: true}, {stream: "a", page: "1", asks: true},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport, clock := &resttest.Transport{Script: []resttest.Answer{{Body: test.body}}}, resttest.NewClock()
			client := clientWith(resttest.Runtime(transport, clock), rest.Settings{})
			for i, s := range test.steps {
				if err := clock.Sleep(t.Context(), s.wait); err != nil {
					t.Fatal(err)
				}
				before := client.Requests()
				r, err := client.NewEndpoint(exchange.Setup{Stream: s.stream, Method: test.method}).Send(s.context(t.Context()), "https://api.test/x", nil, s.parts())
				if err != nil || len(body(t, r)) != len(test.body) {
					t.Fatalf("step %d: %v", i, err)
				}
				if asked := client.Requests() > before; asked != s.asks || r.FromCache == s.asks {
					t.Errorf("step %d: the API is asked: %v", i, asked)
				}
			}
		})
	}
}

func (s handoverStep) context(ctx context.Context) context.Context {
	if s.gives {
		ctx = rest.WithHandover(ctx, true)
	}
	if s.anew {
		ctx = rest.WithoutCaches(ctx)
	}
	return ctx
}

func (s handoverStep) parts() *rest.Parts {
	return &rest.Parts{Params: value.DictOf("page", s.page)}
}

// TestEqualRequestsGetTheirAnswersInOrder: a scroll has one token for all its pages.
func TestEqualRequestsGetTheirAnswersInOrder(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Body: "1"}, resttest.Answer{Body: "2"}, resttest.Answer{Body: "3"})
	client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{})
	x := client.NewEndpoint(exchange.Setup{Stream: "a"})
	got := ""
	for _, gives := range []bool{true, true, false, false, false} {
		r, err := x.Send(handoverStep{gives: gives}.context(t.Context()), "https://api.test/x", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		got += string(body(t, r))
	}
	if got != "12123" {
		t.Errorf("answers are %s, expected 12123", got)
	}
}

// TestTokensAreNotHandedOver: one is asked for again because the last one is of no use.
func TestTokensAreNotHandedOver(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Body: "1"}, resttest.Answer{Body: "2"})
	client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{})
	x := client.NewEndpoint(exchange.Setup{Stream: "a", NoStore: true})
	got := ""
	for _, gives := range []bool{true, false} {
		r, err := x.Send(handoverStep{gives: gives}.context(t.Context()), "https://api.test/token", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		got += string(body(t, r))
	}
	if got != "12" {
		t.Errorf("answers are %s, expected 12", got)
	}
}
