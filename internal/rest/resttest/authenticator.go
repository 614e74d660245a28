package resttest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/value"
)

// AuthenticatorCase is an authenticator with the API that it signs for.
type AuthenticatorCase struct {
	// Build makes the authenticator of one stream of a run, whose requests client sends. It may set
	// the configuration of rt.
	Build func(t testing.TB, rt *rest.Runtime, client *exchange.Client) rest.Authenticator
	// Tokens answers the requests that the authenticator itself makes: n counts them from 1. Nil:
	// it makes none. One that refreshes its credential must get another one each time.
	Tokens func(n int, r Request) Answer
	// Credential is the credential in a request of the stream; empty: there is none. Nil: requests
	// need none.
	Credential func(r Request) string
	// Secrets are texts that no error and no log may hold.
	Secrets []string
	// Refreshes says that Refresh gets another credential; one that does not refresh returns
	// rest.ErrNoRefresh.
	Refreshes bool

	// patience is how long a check waits for what should happen at once; 0: 10 s.
	patience time.Duration
}

// authenticatorChecks are what every authenticator has to pass, by name.
var authenticatorChecks = map[string]func(testing.TB, AuthenticatorCase){
	"signs each request and leaves its parts alone": authenticatorSigns,
	"signs each try":                       authenticatorSignsTries,
	"shares nothing between signatures":    authenticatorSharesNothing,
	"is used by many requests at once":     authenticatorIsShared,
	"errors and logs hold no secret":       authenticatorHidesSecrets,
	"waiting ends when it is cancelled":    authenticatorIsCancelled,
	"refreshes, or says that it can not":   authenticatorRefreshes,
	"a refresh that fails can be repeated": authenticatorRefreshFails,
}

// Authenticator checks what every authenticator has to do.
func Authenticator(t *testing.T, c AuthenticatorCase) {
	t.Helper()
	for name, check := range authenticatorChecks {
		t.Run(name, func(t *testing.T) { check(t, c) })
	}
}

// signedRun is a run with one authenticator.
type signedRun struct {
	rt   *rest.Runtime
	auth rest.Authenticator
	x    *exchange.Endpoint
	log  *lockedBuffer
	wire *wire

	mu    sync.Mutex
	asked int                     // requests of the authenticator
	sent  []Request               // requests of the stream
	items func(r Request) Answer  // answers the requests of the stream; nil: with an empty object
	fails func(r Request) *Answer // answers requests of the authenticator in place of the API; nil, or none: it does not
}

const itemsAddress = "https://api.test/items"

func newSignedRun(t testing.TB, c AuthenticatorCase) *signedRun {
	t.Helper()
	s := &signedRun{log: &lockedBuffer{}}
	s.wire = &wire{asked: make(chan struct{}, 1), Transport: Transport{Reply: func(_ int, r Request) Answer { return s.reply(c, r) }}}
	s.rt = Runtime(s.wire, NewClock())
	s.rt.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := exchange.NewClient(s.rt)
	s.auth = c.Build(t, s.rt, client)
	s.x = client.NewEndpoint(exchange.Setup{Stream: "items", Method: http.MethodGet, Auth: s.auth})
	return s
}

func (s *signedRun) reply(c AuthenticatorCase, r Request) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(r.URL, itemsAddress) {
		s.sent = append(s.sent, r)
		if s.items != nil {
			return s.items(r)
		}
		return Answer{Body: `{}`}
	}
	if s.fails != nil {
		if a := s.fails(r); a != nil {
			return *a
		}
	}
	s.asked++
	if c.Tokens == nil {
		return Answer{Err: errors.New("the authenticator makes requests of its own")}
	}
	return c.Tokens(s.asked, r)
}

// set changes what answers requests.
func (s *signedRun) set(items func(Request) Answer, fails func(Request) *Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items, s.fails = items, fails
}

func (s *signedRun) send(t testing.TB, own *rest.Parts) error {
	_, err := s.x.Send(t.Context(), itemsAddress, own, nil)
	return err
}

// requests are those of the stream. Each must carry a credential.
func (s *signedRun) requests(t testing.TB, c AuthenticatorCase) []Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.sent {
		if c.Credential != nil && c.Credential(r) == "" {
			t.Errorf("request %d is not signed: %s %v", i+1, r, r.Header)
		}
	}
	return s.sent
}

// partsOf is the text of all parts of a request's options.
func partsOf(o *rest.Parts) string {
	text := o.Text
	for _, d := range []*value.Dict{o.Params, o.Headers, o.Form, o.JSON} {
		text += "\n"
		if d != nil {
			text += string(value.Append(nil, d))
		}
	}
	return text
}

func authenticatorSigns(t testing.TB, c AuthenticatorCase) {
	s := newSignedRun(t, c)
	config := string(value.Append(nil, s.rt.Config))
	own := &rest.Parts{Params: value.DictOf("own", "1"), Headers: value.DictOf("X-Own", "1")}
	before := partsOf(own)
	for range 3 {
		if err := s.send(t, own); err != nil {
			t.Fatal(err)
		}
	}
	if after := partsOf(own); after != before {
		t.Errorf("the request's parts are changed: %s, were %s", after, before)
	}
	if after := string(value.Append(nil, s.rt.Config)); after != config {
		t.Errorf("the configuration is changed: %s, was %s", after, config)
	}
	for _, r := range s.requests(t, c) {
		if !strings.Contains(r.URL, "own=1") || r.Header.Get("X-Own") != "1" {
			t.Errorf("a request lacks its own parts: %s %v", r, r.Header)
		}
	}
}

func authenticatorSignsTries(t testing.TB, c AuthenticatorCase) {
	s := newSignedRun(t, c)
	s.set(func(Request) Answer {
		if len(s.sent) < 3 {
			return Answer{Status: http.StatusInternalServerError}
		}
		return Answer{Body: `{}`}
	}, nil)
	if err := s.send(t, nil); err != nil {
		t.Fatal(err)
	}
	sent := s.requests(t, c)
	if len(sent) != 3 {
		t.Fatalf("%d tries, want 3", len(sent))
	}
	for _, r := range sent {
		u, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range u.Query() {
			if len(values) > 1 {
				t.Errorf("a try carries %s %d times", name, len(values))
			}
		}
	}
}

// signed adds a signature to the parts of a request.
func (s *signedRun) signed(t testing.TB, o *rest.Parts) error {
	signDraft := s.auth.Abilities().SignDraft
	if signDraft == nil {
		return s.auth.Sign(t.Context(), o)
	}
	u, err := url.Parse(itemsAddress)
	if err != nil {
		t.Fatal(err)
	}
	return signDraft(t.Context(), o, &rest.Request{Method: http.MethodGet, URL: u, Header: http.Header{}})
}

func authenticatorSharesNothing(t testing.TB, c AuthenticatorCase) {
	s := newSignedRun(t, c)
	first := &rest.Parts{}
	if err := s.signed(t, first); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*value.Dict{first.Params, first.Headers, first.Form, first.JSON} {
		if d != nil {
			d.Set("left-behind", "1")
		}
	}
	second := &rest.Parts{}
	if err := s.signed(t, second); err != nil {
		t.Fatal(err)
	}
	if got := partsOf(second); strings.Contains(got, "left-behind") {
		t.Errorf("a signature holds what was added to another one: %s", got)
	}
}

func authenticatorIsShared(t testing.TB, c AuthenticatorCase) {
	s := newSignedRun(t, c)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 4 {
				if err := s.send(t, nil); err != nil {
					t.Error(err)
				}
				if i%4 > 0 {
					continue
				}
				if err := s.auth.Refresh(t.Context()); err != nil && !errors.Is(err, rest.ErrNoRefresh) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if sent := s.requests(t, c); len(sent) != 32 {
		t.Errorf("%d requests, want 32", len(sent))
	}
}

// authenticatorHidesSecrets lets each side answer with all that it was sent.
func authenticatorHidesSecrets(t testing.TB, c AuthenticatorCase) {
	var echoed []string
	echo := func(r Request) string {
		text := fmt.Sprintf("refused %s %s %v %s", r.URL, r.Body, r.Header, strings.Join(c.Secrets, " "))
		echoed = append(echoed, text)
		return string(value.Append(nil, value.DictOf("message", text)))
	}
	s := newSignedRun(t, c)
	s.set(func(r Request) Answer { return Answer{Status: http.StatusBadRequest, Body: echo(r)} }, nil)
	errs := []error{s.send(t, nil)}
	for _, fail := range []func(Request) *Answer{
		func(r Request) *Answer { return &Answer{Status: http.StatusBadRequest, Body: echo(r)} },
		func(r Request) *Answer { return &Answer{Status: http.StatusForbidden, Body: echo(r)} },
		func(r Request) *Answer { return &Answer{Body: echo(r)} },
		func(r Request) *Answer { return &Answer{Err: fmt.Errorf("lost %s", r.URL)} },
	} {
		fresh := newSignedRun(t, c)
		fresh.set(nil, fail)
		errs = append(errs, fresh.auth.Sign(t.Context(), &rest.Parts{}), fresh.auth.Refresh(t.Context()))
		errs = append(errs, errors.New(fresh.log.String()))
	}
	errs = append(errs, errors.New(s.log.String()))
	secrets := c.Secrets
	for _, r := range s.requests(t, c) {
		if c.Credential != nil {
			secrets = append(secrets, c.Credential(r))
		}
	}
	for _, err := range errs {
		for _, secret := range secrets {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%q is told by: %v", secret, err)
			}
		}
	}
	if len(echoed) == 0 {
		t.Error("nothing was refused")
	}
}

// authenticatorIsCancelled cancels several requests that wait for one token.
func authenticatorIsCancelled(t testing.TB, c AuthenticatorCase) {
	if c.Tokens == nil {
		return
	}
	s := newSignedRun(t, c)
	s.wire.stalls.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const waiters = 4
	ended := make(chan error, waiters)
	for range waiters {
		go func() { ended <- s.auth.Sign(ctx, &rest.Parts{}) }()
	}
	<-s.wire.asked
	cancel()
	for range waiters {
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want the context's error", err)
			}
		case <-time.After(cmp.Or(c.patience, 10*time.Second)):
			t.Fatal("a request still waits after it was cancelled")
		}
	}
	s.wire.stalls.Store(false)
	if err := s.auth.Sign(t.Context(), &rest.Parts{}); err != nil {
		t.Errorf("after others were cancelled: %v", err)
	}
}

func authenticatorRefreshes(t testing.TB, c AuthenticatorCase) {
	s := newSignedRun(t, c)
	if err := s.send(t, nil); err != nil {
		t.Fatal(err)
	}
	err := s.auth.Refresh(t.Context())
	if !c.Refreshes {
		if !errors.Is(err, rest.ErrNoRefresh) {
			t.Errorf("refresh: got %v, want rest.ErrNoRefresh", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.send(t, nil); err != nil {
		t.Fatal(err)
	}
	if sent := s.requests(t, c); len(sent) != 2 || c.Credential(sent[0]) == c.Credential(sent[1]) {
		t.Errorf("the request after a refresh carries the old credential: %v", sent)
	}
}

func authenticatorRefreshFails(t testing.TB, c AuthenticatorCase) {
	if !c.Refreshes {
		return
	}
	s := newSignedRun(t, c)
	if err := s.send(t, nil); err != nil {
		t.Fatal(err)
	}
	s.set(nil, func(Request) *Answer { return &Answer{Status: http.StatusForbidden} })
	if err := s.auth.Refresh(t.Context()); err == nil || errors.Is(err, rest.ErrNoRefresh) {
		t.Errorf("a refresh that is refused: got %v", err)
	}
	s.set(nil, nil)
	if err := s.auth.Refresh(t.Context()); err != nil {
		t.Errorf("the next refresh: %v", err)
	}
	if err := s.send(t, nil); err != nil {
		t.Fatal(err)
	}
	s.requests(t, c)
}
