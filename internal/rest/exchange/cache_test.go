package exchange_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

func TestUseCacheSendsOnce(t *testing.T) {
	t.Parallel()
	transport := &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer {
		if strings.Contains(r.URL, "/bad") {
			return resttest.Answer{Status: 201, Body: "{}"}
		}
		return resttest.Answer{Body: fmt.Sprintf(`{"n":%d}`, n)}
	}}
	client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{MaxRequests: 4})
	t.Cleanup(func() { _ = client.Close() })
	kept := client.NewEndpoint(exchange.Setup{UseCache: true})
	other := client.NewEndpoint(exchange.Setup{UseCache: true})
	var wg sync.WaitGroup
	var cached atomic.Int32
	for i := range 20 {
		x := kept
		if i%2 == 0 {
			x = other
		}
		wg.Go(func() {
			r, err := x.Send(context.Background(), "http://api.test/a", &rest.Parts{Params: value.DictOf("p", 1)}, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if got := body(t, r); got != `{"n":1}` {
				t.Errorf("got %s", got)
			}
			if r.FromCache {
				cached.Add(1)
			}
		})
	}
	wg.Wait()
	if len(transport.Log()) != 1 || cached.Load() != 19 {
		t.Errorf("%d requests, %d from the cache", len(transport.Log()), cached.Load())
	}
	for range 2 { // an answer that is not 200 is not kept, nor is one to a POST
		_, _ = kept.Send(context.Background(), "http://api.test/bad", nil, nil)
	}
	if n := len(transport.Log()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
}

// TestAccountsShareNoAnswers sends equal requests with several credentials, and with tokens of one
// account that change.
func TestAccountsShareNoAnswers(t *testing.T) {
	t.Parallel()
	header := func(name, text string) *rest.Parts { return &rest.Parts{Headers: value.DictOf(name, text)} }
	account := func(name string) func() string { return func() string { return name } }
	for name, test := range map[string]struct {
		first, second       exchange.Setup
		firstOwn, secondOwn *rest.Parts
		want                int // requests
	}{
		"two accounts":             {first: exchange.Setup{Auth: &counted{}, Account: account("a")}, second: exchange.Setup{Auth: &counted{}, Account: account("b")}, want: 2},
		"one account, two tokens":  {first: exchange.Setup{Auth: &counted{}, Account: account("a")}, second: exchange.Setup{Auth: &counted{n: 7}, Account: account("a")}, want: 1},
		"an account and nobody":    {first: exchange.Setup{Auth: &counted{}, Account: account("")}, want: 2},
		"nobody knows whose":       {first: exchange.Setup{Auth: &counted{}}, second: exchange.Setup{Auth: &counted{}}, want: 4},
		"nobody twice":             {want: 1},
		"headers of their own":     {firstOwn: header("Authorization", "Bearer a"), secondOwn: header("Authorization", "Bearer b"), want: 2},
		"the same header":          {firstOwn: header("authorization", "Bearer a"), secondOwn: header("Authorization", "Bearer a"), want: 1},
		"cookies of their own":     {firstOwn: header("Cookie", "s=a"), secondOwn: header("cookie", "s=b"), want: 2},
		"a cookie that one has":    {firstOwn: header("Cookie", "s=a"), want: 2},
		"parameters of their own":  {firstOwn: &rest.Parts{Params: value.DictOf("key", "a")}, secondOwn: &rest.Parts{Params: value.DictOf("key", "b")}, want: 2},
		"a key in another's place": {firstOwn: header("X-Key", "a"), secondOwn: header("X-Token", "a"), want: 2},
	} {
		for _, disk := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", disk ", disk), func(t *testing.T) {
				t.Parallel()
				transport := &resttest.Transport{Reply: func(n int, _ resttest.Request) resttest.Answer {
					return resttest.Answer{Body: fmt.Sprintf(`{"n":%d}`, n), Header: []string{"Set-Cookie: visit=" + fmt.Sprint(n)}}
				}}
				rt := resttest.Runtime(transport, resttest.NewClock())
				client, dir := exchange.NewClient(rt), t.TempDir()
				for i, setup := range []exchange.Setup{test.first, test.second} {
					setup.UseCache = !disk
					if disk { // as two runs
						cache, err := exchange.NewDiskCache(dir, time.Hour)
						if err != nil {
							t.Fatal(err)
						}
						client = exchange.NewClient(rt)
						client.SetCache(cache)
					}
					own := []*rest.Parts{test.firstOwn, test.secondOwn}[i]
					x := client.NewEndpoint(setup)
					for range 2 {
						if _, err := x.Send(context.Background(), "http://api.test/a", own, nil); err != nil {
							t.Fatal(err)
						}
					}
				}
				if n := len(transport.Log()); n != test.want {
					t.Errorf("%d requests, want %d", n, test.want)
				}
			})
		}
	}
}

// counted signs with a new token each time.
type counted struct{ n int }

func (c *counted) Sign(_ context.Context, o *rest.Parts) error {
	c.n++
	o.Headers = value.DictOf("Authorization", fmt.Sprintf("Bearer token-%d", c.n))
	return nil
}
func (*counted) Refresh(context.Context) error          { return rest.ErrNoRefresh }
func (*counted) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

func TestDiskCache(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clock := resttest.NewClock()
	transport := &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer {
		if strings.Contains(r.URL, "/leak") {
			return resttest.Answer{Body: `{"token":"h-secret"}`}
		}
		return resttest.Answer{Body: fmt.Sprintf(`{"n":%d}`, n), Header: []string{"Set-Cookie: a=b", "Link: <x>", "X-Echo: x-secret"}}
	}}
	send := func(who, address string, o *rest.Parts) (*rest.Response, string) {
		t.Helper()
		cache, err := exchange.NewDiskCache(dir, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		client := exchange.NewClient(resttest.Runtime(transport, clock))
		client.SetCache(cache)
		r, err := client.NewEndpoint(exchange.Setup{Auth: keyed{}, Account: func() string { return who }}).Send(context.Background(), address, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r, body(t, r)
	}
	page := func(n int) *rest.Parts { return &rest.Parts{Params: value.DictOf("page", n)} }
	steps := []struct {
		name, who string
		page      int
		before    func()
		want      string
		cached    bool
	}{
		{name: "first", who: "a", page: 1, want: `{"n":1}`},
		{name: "again", who: "a", page: 1, want: `{"n":1}`, cached: true},
		{name: "other page", who: "a", page: 2, want: `{"n":2}`},
		{name: "other account", who: "b", page: 1, want: `{"n":3}`},
		{name: "damaged", who: "a", page: 1, before: func() { damage(t, dir) }, want: `{"n":4}`},
		{name: "whole again", who: "a", page: 1, want: `{"n":4}`, cached: true},
		{name: "old", who: "a", page: 1, before: func() { _ = clock.Sleep(context.Background(), time.Hour) }, want: `{"n":5}`},
	}
	for _, s := range steps {
		if s.before != nil {
			s.before()
		}
		r, got := send(s.who, "http://api.test/a", page(s.page))
		if got != s.want || r.FromCache != s.cached {
			t.Errorf("%s: got %s, from cache %v; want %s, %v", s.name, got, r.FromCache, s.want, s.cached)
		}
		if s.cached && (r.Header.Get("Link") != "<x>" || r.Header.Get("Set-Cookie") != "") {
			t.Errorf("%s: headers %v", s.name, r.Header)
		}
	}
	for range 2 {
		if r, _ := send("a", "http://api.test/leak", nil); r.FromCache {
			t.Error("an answer with a secret was kept")
		}
	}
	wantNoSecrets(t, dir)
}

// wantNoSecrets looks for secrets in the files of a folder.
func wantNoSecrets(t *testing.T, dir string) {
	t.Helper()
	for _, file := range files(t, dir) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "secret") {
			t.Errorf("%s holds a secret: %s", file, data)
		}
	}
}

// TestBrokenAnswersAreNotKept asks twice for an answer that says it is JSON and is not.
func TestBrokenAnswersAreNotKept(t *testing.T) {
	t.Parallel()
	for strict, want := range map[bool]int{true: 2, false: 1} {
		cache, err := exchange.NewDiskCache(t.TempDir(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		transport := resttest.Script(resttest.Answer{Body: `{"a": }`})
		client := clientWith(resttest.Runtime(transport, resttest.NewClock()), rest.Settings{StrictJSON: strict})
		client.SetCache(cache)
		x := client.NewEndpoint(exchange.Setup{UseCache: true})
		for range 2 {
			if _, err := x.Send(context.Background(), "http://api.test/a", nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := len(transport.Log()); got != want {
			t.Errorf("strict %v: %d requests, want %d", strict, got, want)
		}
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// damage changes the last byte of every file.
func damage(t *testing.T, dir string) {
	t.Helper()
	for _, file := range files(t, dir) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)-1] ^= 1
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
