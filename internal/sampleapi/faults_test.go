package sampleapi

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"
)

// visit asks a listening JSONPlaceholder without retries of the client's own.
func visit(t *testing.T, r *Running, target string, headers ...string) (*http.Response, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, b, err
}

func start(t *testing.T, opt Options) *Running {
	t.Helper()
	r, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func TestFaultsStrikeEveryNth(t *testing.T) {
	tests := map[string]struct {
		faults string
		struck func(*http.Response, []byte, error) bool
	}{
		"throttle":    {"throttle=3", func(r *http.Response, _ []byte, _ error) bool { return r.StatusCode == 429 }},
		"fail":        {"fail=3", func(r *http.Response, _ []byte, _ error) bool { return r.StatusCode == 500 }},
		"fail status": {"fail=3; fail_status=503", func(r *http.Response, _ []byte, _ error) bool { return r.StatusCode == 503 }},
		"cut": {"cut=3", func(_ *http.Response, b []byte, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && len(b) > 0
		}},
		"cut, zipped": {"cut=3; gzip=1", func(_ *http.Response, b []byte, err error) bool { return err != nil && len(b) > 0 }},
		"invalid json": {"invalid_json=3", func(_ *http.Response, b []byte, err error) bool {
			return err == nil && len(b) > 0 && !json.Valid(b)
		}},
		"text type": {"text_type=3", func(r *http.Response, b []byte, _ error) bool {
			return strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && json.Valid(b)
		}},
		"html":  {"html=3", func(r *http.Response, b []byte, _ error) bool { return r.StatusCode == 200 && b[0] == '<' }},
		"close": {"close=3", func(r *http.Response, _ []byte, _ error) bool { return r.Close }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := start(t, Options{})
			for i := 1; i <= 6; i++ {
				resp, b, err := visit(t, r, r.URL(JSONPlaceholder)+"/users", FaultHeader, test.faults)
				if struck := test.struck(resp, b, err); struck != (i%3 == 0) {
					t.Errorf("request %d: struck %t, error %v", i, struck, err)
				}
			}
		})
	}
}

func TestCutLeavesALongAnswerInItsMiddle(t *testing.T) {
	r := start(t, Options{})
	_, b, err := visit(t, r, r.URL(Pullbay)+"/v1/app-store/reviews/all?business_id=b-25000", FaultHeader, "cut=1", "X-Api-Key", "sample-key")
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(b) < 100<<10 || len(b) > 1<<20 {
		t.Errorf("%d bytes, error %v", len(b), err)
	}
}

func TestStallHoldsUntilTheClientLeavesOrClose(t *testing.T) {
	r := start(t, Options{})
	req, err := http.NewRequest(http.MethodGet, r.URL(JSONPlaceholder)+"/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(FaultHeader, "stall=1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
		t.Errorf("no first byte: %v", err)
	}
	r.Close() // returns only when no answer is held
	if _, err := io.ReadAll(resp.Body); err == nil {
		t.Error("the stalled answer came to its end")
	}
}

func TestLatencyUsesTheClock(t *testing.T) {
	c := newClock()
	s := New(c.options())
	before := c.Now()
	ask(t, s, JSONPlaceholder, "/users", FaultHeader, "latency=90s")
	if d := c.Now().Sub(before); d != 90*time.Second {
		t.Errorf("waited %s", d)
	}
}

func TestGzip(t *testing.T) {
	s := New(Options{})
	for name, test := range map[string]struct {
		accept, faults string
		zipped         bool
	}{
		"off":          {"gzip", "", false},
		"accepted":     {"gzip, br", "gzip=accepted", true},
		"not accepted": {"", "gzip=accepted", false},
		"always":       {"", "gzip=always", true},
	} {
		t.Run(name, func(t *testing.T) {
			resp := ask(t, s, JSONPlaceholder, "/users", "Accept-Encoding", test.accept, FaultHeader, test.faults)
			if zipped := resp.Header.Get("Content-Encoding") == "gzip"; zipped != test.zipped {
				t.Fatalf("zipped %t", zipped)
			}
			if test.zipped {
				z, err := gzip.NewReader(resp.Body)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body = z
			}
			if users := decode[[]any](t, resp); len(users) != 10 {
				t.Errorf("%d users", len(users))
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	r := start(t, Options{})
	target := r.URL(Pullbay) + "/v1/app-store/reviews?business_id=b-3"
	for _, test := range []struct {
		faults  string
		headers []string
		status  int
		leaked  int
	}{
		// The second request of each pair is the redirected one.
		{"redirect=3", []string{"Authorization", "Bearer sample-key"}, 200, 0},
		{"redirect=3", []string{"Authorization", "Bearer sample-key"}, 200, 0},
		{"redirect=3", []string{"Authorization", "Bearer sample-key"}, 200, 0},
		{"redirect_host=5", []string{"Authorization", "Bearer sample-key"}, 401, 0},
		// A header of another name is no credential to Go's client: it goes along.
		{"redirect_host=7", []string{"X-Api-Key", "sample-key"}, 200, 1},
	} {
		resp, b, err := visit(t, r, target, append(test.headers, FaultHeader, test.faults)...)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != test.status || r.Stats(Pullbay).LeakedCredentials != test.leaked {
			t.Errorf("%s: status %d, %+v: %s", test.faults, resp.StatusCode, r.Stats(Pullbay), b)
		}
	}
	if s := r.Stats(Pullbay); s.Elsewhere != 2 {
		t.Errorf("%+v", s)
	}
}

func TestKeepAlive(t *testing.T) {
	r := start(t, Options{})
	for i := range 3 {
		reused := false
		trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
		req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, r.URL(JSONPlaceholder)+"/users/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		bodyOf(t, resp)
		resp.Body.Close()
		if reused != (i > 0) || resp.Proto != "HTTP/1.1" {
			t.Errorf("request %d: reused %t, %s", i, reused, resp.Proto)
		}
	}
}

func TestFaultsOfOptionsAndHeader(t *testing.T) {
	s := New(Options{Faults: map[System]Faults{JSONPlaceholder: {Fail: 1}}})
	for _, test := range []struct {
		header string
		status int
	}{{"", 500}, {"fail=0", 200}, {"fail_status=502", 502}, {"fail=many", 400}} {
		if resp := ask(t, s, JSONPlaceholder, "/users", FaultHeader, test.header); resp.StatusCode != test.status {
			t.Errorf("%q: status %d, want %d", test.header, resp.StatusCode, test.status)
		}
	}
	s.SetFaults(JSONPlaceholder, Faults{})
	if resp := ask(t, s, JSONPlaceholder, "/users"); resp.StatusCode != 200 {
		t.Errorf("status %d after SetFaults", resp.StatusCode)
	}
	if stats := s.Stats(JSONPlaceholder); stats.ServerErrors != 2 {
		t.Errorf("%+v", stats)
	}
}

func TestParseFaults(t *testing.T) {
	var f Faults
	if err := f.Parse(" rate=60/10s;rate_form = ietf+retry-after; cut=4;; clamp=1;latency=5ms; gzip=1 "); err != nil {
		t.Fatal(err)
	}
	want := Faults{Rate: 60, Per: 10 * time.Second, RateForm: "ietf+retry-after", Cut: 4, Clamp: true, Latency: 5 * time.Millisecond, Gzip: gzipAccepted}
	if f != want {
		t.Errorf("got %+v", f)
	}
	for _, wrong := range []string{"nope=1", "cut=-1", "cut=x", "rate=5/0s", "rate=a", "rate_form=x", "latency=5", "clamp=maybe", "gzip=2", "fail_status=200"} {
		if err := f.Parse(wrong); err == nil || !strings.Contains(err.Error(), strings.SplitN(wrong, "=", 2)[0]) {
			t.Errorf("%s: error %v", wrong, err)
		}
	}
	for _, f := range faultTable {
		if !strings.Contains(FaultHelp(), f.name+"="+f.value) {
			t.Errorf("no help for %s", f.name)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add("rate=5/1m; cut=3")
	f.Add("=;;a=b=c")
	f.Fuzz(func(t *testing.T, settings string) {
		var faults Faults
		_ = faults.Parse(settings)
		if faults.Rate < 0 || faults.Per < 0 || faults.Cut < 0 {
			t.Errorf("%q gave %+v", settings, faults)
		}
	})
}
