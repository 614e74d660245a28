package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stuck is an API of which one path never gets anywhere, in one of several ways.
type stuck struct {
	path string // where it is stuck
	page string // only at this page; empty: at any
	way  string
	met  atomic.Int64 // requests that got stuck
}

// The ways to get nowhere.
const (
	noAnswer   = "no answer"
	dripBody   = "a body that drips"
	longWait   = "Retry-After of ten minutes"
	bareStorm  = "refusals without end"
	noHeaders  = "headers that drip"
	endlessRun = "pages without end"
)

func (s *stuck) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Query().Get("page")
	if r.URL.Path == s.path && (s.page == "" || page == s.page) {
		s.met.Add(1)
		switch s.way {
		case noAnswer:
			_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the client has gone
			<-r.Context().Done()
			return
		case dripBody, noHeaders:
			s.drip(w, r)
			return
		case longWait:
			w.Header().Set("Retry-After", "600")
			http.Error(w, "", http.StatusTooManyRequests)
			return
		case bareStorm:
			http.Error(w, "", http.StatusTooManyRequests)
			return
		}
	}
	switch {
	case r.URL.Path == "/token":
		fmt.Fprint(w, `{"access_token": "t", "expires_in": 3600}`)
	case s.way == endlessRun:
		s.met.Add(1)
		n := s.met.Load()
		fmt.Fprintf(w, `{"items": [{"id": %d, "n": 1}, {"id": %d, "n": 1}], "next": "%d"}`, 2*n, 2*n+1, n+1)
	case page == "" || page == "1":
		fmt.Fprint(w, `{"items": [{"id": 1, "n": 1}, {"id": 2, "n": 1}], "next": "2"}`)
	default:
		fmt.Fprint(w, `{"items": [{"id": 3, "n": 1}]}`)
	}
}

// drip writes a byte of an answer from time to time.
func (s *stuck) drip(w http.ResponseWriter, r *http.Request) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = connection.Close() }()
	text := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	if s.way == dripBody {
		text += "\r\n"
	} else {
		text += "X-Long: "
	}
	for r.Context().Err() == nil {
		if _, err := fmt.Fprint(connection, text); err != nil {
			return
		}
		text = " "
		time.Sleep(50 * time.Millisecond)
	}
}

// config is a configuration of the API. declared gives the stream a schema, so that nothing is
// inferred.
func (s *stuck) config(base string, declared, login bool) map[string]any {
	stream := map[string]any{"name": "items", "path": "/items", "records_path": "items", "primary_key": []string{"id"},
		"pagination": map[string]any{"type": "cursor", "cursor_path": "next", "param": "page"}}
	if declared {
		stream["schema"] = map[string]any{"type": "object"}
	}
	streams := []any{stream}
	if s.path == "/parents" {
		stream["path"], stream["parent"] = "/items/{parent.id}", "parents"
		streams = append(streams, map[string]any{"name": "parents", "path": "/parents", "records_path": "items", "primary_key": []string{"id"},
			"schema": map[string]any{"type": "object"}, "pagination": map[string]any{"type": "none"}})
	}
	config := map[string]any{"source": "rest", "base_url": base, "streams": streams}
	if login {
		config["auth"] = map[string]any{"type": "oauth2", "token_url": base + "/token", "client_id": "c", "client_secret": "s3cret-s3cret"}
	}
	return config
}

// stuckPlaces are the stages of a run and the paths at which it gets stuck there.
var stuckPlaces = map[string]struct {
	path, page      string
	declared, login bool
	verbs           []string
}{
	"login":                   {"/token", "", true, true, []string{"check", "read", "sync"}},
	"login for inference":     {"/token", "", false, true, []string{"discover", "singer discover"}},
	"inference":               {"/items", "", false, false, []string{"discover", "singer discover", "sync"}},
	"inference's second page": {"/items", "2", false, false, []string{"discover"}},
	"check":                   {"/items", "", true, false, []string{"check", "test"}},
	"first page":              {"/items", "", true, false, []string{"read", "sync"}},
	"second page":             {"/items", "2", true, false, []string{"read", "sync"}},
	"parents":                 {"/parents", "", true, false, []string{"read", "sync"}},
}

// stuckArgs are the arguments of a verb.
func stuckArgs(verb, config string) []string {
	switch verb {
	case "sync":
		return []string{"--config", config}
	case "singer discover":
		return []string{"--config", config, "--discover"}
	case "test":
		return []string{"--config", config, "--test"}
	}
	return []string{verb, "--config", config}
}

// forEachStuck calls f for each stage, verb and way to get stuck.
func forEachStuck(t *testing.T, settings map[string]any, f func(t *testing.T, api *stuck, verb, config string)) {
	for place, p := range stuckPlaces {
		for _, verb := range p.verbs {
			for _, way := range []string{noAnswer, dripBody, noHeaders, longWait, bareStorm} {
				t.Run(fmt.Sprintf("%s, %s, %s", place, verb, way), func(t *testing.T) {
					t.Parallel()
					api := &stuck{path: p.path, page: p.page, way: way}
					server := httptest.NewServer(api)
					t.Cleanup(server.Close)
					t.Cleanup(server.CloseClientConnections)
					s := &sample{config: api.config(server.URL, p.declared, p.login)}
					f(t, api, verb, s.with(settings).file(t))
				})
			}
		}
	}
}

// TestTimeBudgetEndsEveryStage lets a run get stuck in each of its stages, and wants it to end soon
// after max_runtime and to say so.
func TestTimeBudgetEndsEveryStage(t *testing.T) {
	t.Parallel()
	const budget = 1500 * time.Millisecond
	forEachStuck(t, map[string]any{"max_runtime": budget.Seconds()}, func(t *testing.T, _ *stuck, verb, config string) {
		begun := time.Now()
		o := invoke(t, stuckArgs(verb, config)...)
		if took := time.Since(begun); took > budget+15*time.Second {
			t.Errorf("it took %v", took)
		}
		all := string(o.out) + string(o.logs)
		if !strings.Contains(all, "max_runtime") {
			t.Errorf("max_runtime was not named; exit code %d\n%s", o.code, all)
		}
		switch {
		case verb == "check" && (o.code != 0 || !strings.Contains(string(o.out), "FAILED")):
			t.Errorf("a check ended with code %d\n%s", o.code, all)
		case verb != "check" && verb != "read" && verb != "sync" && o.code != 1:
			t.Errorf("exit code %d, want 1\n%s", o.code, all)
		}
	})
}

// TestSignalEndsEveryStage sends a signal while a run is stuck in each of its stages.
func TestSignalEndsEveryStage(t *testing.T) {
	t.Parallel()
	forEachStuck(t, nil, func(t *testing.T, api *stuck, verb, config string) {
		p := startChild(t, stuckArgs(verb, config)...)
		for api.met.Load() == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		signal := syscall.SIGTERM
		if len(verb)%2 == 0 {
			signal = syscall.SIGINT // which does the same
		}
		p.signal(signal)
	})
}

// TestTimeBudgetEndsPagesWithoutEnd reads an API that always has a next page, and wants the records
// and a state from which the next run goes on.
func TestTimeBudgetEndsPagesWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			api := &stuck{way: endlessRun}
			server := httptest.NewServer(api)
			t.Cleanup(server.Close)
			s := (&sample{config: api.config(server.URL, false, true)}).with(map[string]any{"max_runtime": 2})
			first := s.read(t, protocol, selection{}).mustSucceed(t)
			first.mustSay(t, "max_runtime")
			second := s.read(t, protocol, selection{state: first.state(t, protocol)}).mustSucceed(t)
			if len(ids(t, first.lines)) == 0 || len(ids(t, second.lines)) == 0 {
				t.Errorf("%d and %d records came", len(ids(t, first.lines)), len(ids(t, second.lines)))
			}
		})
	}
}

// TestDrippingBodyIsAskedForAgain reads an answer that drips once and comes at once when it is
// asked for again. If it is not, the error says why.
func TestDrippingBodyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	api := &stuck{path: "/items", page: "2", way: dripBody}
	var once atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" && !once.CompareAndSwap(false, true) {
			r.URL.RawQuery = "page=3"
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s := (&sample{config: api.config(server.URL, true, false)}).with(map[string]any{"request_timeout": 1})
	o := s.read(t, "singer", selection{}).mustSucceed(t)
	if got := len(ids(t, o.lines)); got != 3 || api.met.Load() != 1 {
		t.Errorf("%d records after %d bodies that drip, want 3 after 1", got, api.met.Load())
	}
	once.Store(false)
	if o := s.with(map[string]any{"max_retries": 0}).read(t, "singer", selection{}); o.code != 1 {
		t.Errorf("exit code %d without another try, want 1", o.code)
	} else {
		o.mustSay(t, "comes too slowly", "min_speed")
	}
}
