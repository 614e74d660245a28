package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/sampleapi"
)

// faultTarget is a stream of a few pages in each system.
type faultTarget struct {
	system   sampleapi.System
	stream   string
	settings map[string]any
	truth    string // the stream's name in the sample's truth
}

func faultTargets() map[string]faultTarget {
	return map[string]faultTarget{
		"jsonplaceholder":  {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 25}, "posts"},
		"helpscout":        {sampleapi.HelpScout, "customers", nil, "customers"},
		"pullbay":          {sampleapi.Pullbay, "reviews", map[string]any{"limit": 20, "concurrency": 2}, "reviews"},
		"pullbay, managed": {sampleapi.Pullbay, "reviews", map[string]any{"pagination": "managed"}, "reviews_managed"},
	}
}

func (f faultTarget) start(t *testing.T, faults sampleapi.Faults, o sampleapi.Options) *sample {
	t.Helper()
	o.Businesses = []sampleapi.Business{{ID: "b-0"}, {ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 45}}
	o.Faults = map[sampleapi.System]sampleapi.Faults{f.system: faults}
	return startSample(t, f.system, o, f.settings)
}

// must reads the stream, which must come complete.
func (f faultTarget) must(t *testing.T, s *sample, protocol string) outcome {
	t.Helper()
	o := s.read(t, protocol, selection{streams: []string{f.stream}}).mustSucceed(t)
	mustHave(t, o.lines, truth(t, s.server.Server, f.system, f.truth))
	return o
}

// TestFaultsThatPass checks that each fault leaves the read complete: requests that may succeed
// later are tried again, and odd answers are read as they are.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]sampleapi.Faults{
		"500":               {Fail: 2},
		"502":               {Fail: 3, FailStatus: 502},
		"503":               {Fail: 3, FailStatus: 503},
		"504":               {Fail: 3, FailStatus: 504},
		"520":               {Fail: 3, FailStatus: 520},
		"408":               {Fail: 3, FailStatus: 408},
		"cut":               {Cut: 2},
		"cut in gzip":       {Cut: 3, Gzip: "always"},
		"invalid JSON":      {InvalidJSON: 2},
		"web page":          {HTML: 2},
		"called text":       {TextType: 1},
		"connection closed": {Close: 1},
		"redirect":          {Redirect: 2},
		"gzip":              {Gzip: "accepted"},
		"gzip unasked":      {Gzip: "always"},
		"latency":           {Latency: 5 * time.Millisecond},
	} {
		for system, target := range faultTargets() {
			t.Run(name+" "+system, func(t *testing.T) {
				t.Parallel()
				target.must(t, target.start(t, faults, sampleapi.Options{}), "airbyte")
			})
		}
	}
}

// TestRateLimitAnswers checks that a read waits as long as each form of header asks for, and no
// longer.
func TestRateLimitAnswers(t *testing.T) {
	t.Parallel()
	for _, form := range []sampleapi.RateForm{
		sampleapi.RateMinute, sampleapi.RateEpoch, sampleapi.RateSeconds, sampleapi.RateIETF, sampleapi.RateIETFFields,
		sampleapi.RetryAfterSeconds, sampleapi.RetryAfterDate, sampleapi.RateSilent,
	} {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()
			target := faultTargets()["jsonplaceholder"]
			s := target.start(t, sampleapi.Faults{Throttle: 3, RetryAfter: time.Second, RateForm: form}, sampleapi.Options{})
			begun := time.Now()
			o := target.must(t, s, "singer")
			if n := s.server.Stats(target.system).Limited; n == 0 {
				t.Fatal("no answer was 429")
			}
			o.mustSay(t, "waiting", "429")
			// Headers count in whole seconds. Without one the wait is random.
			if took := time.Since(begun); form != sampleapi.RateSilent && form != sampleapi.RetryAfterDate && form != sampleapi.RateEpoch && took < time.Second {
				t.Errorf("it took %v: the wait of a second was not kept", took)
			} else if took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestRateLimitIsKept counts on the server that no window of time has more requests than the
// configuration allows.
func TestRateLimitIsKept(t *testing.T) {
	t.Parallel()
	const window = 300 * time.Millisecond
	for name, target := range faultTargets() {
		if name == "pullbay, managed" {
			continue // too few requests to be limited
		}
		for _, most := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s %d", name, most), func(t *testing.T) {
				t.Parallel()
				s := target.start(t, sampleapi.Faults{}, sampleapi.Options{StatsWindow: window})
				s = s.with(map[string]any{"rate_limit": map[string]any{"requests": most, "per": window.Seconds()}, "concurrency": 8})
				target.must(t, s, "airbyte")
				stats := s.server.Stats(target.system)
				if stats.MaxInWindow > most {
					t.Errorf("%d requests came within %v, the limit is %d", stats.MaxInWindow, window, most)
				}
				if stats.Requests <= most {
					t.Errorf("only %d requests: nothing had to be held back", stats.Requests)
				}
			})
		}
	}
}

// TestFewCallsLeftAreSpread checks that the API's headers are enough to stay within its limit,
// without a 429.
func TestFewCallsLeftAreSpread(t *testing.T) {
	t.Parallel()
	target := faultTarget{sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 5}, "posts"}
	s := target.start(t, sampleapi.Faults{Rate: 15, Per: time.Second, RateForm: sampleapi.RateSeconds}, sampleapi.Options{})
	target.must(t, s, "airbyte")
	if stats := s.server.Stats(target.system); stats.Limited > 1 {
		t.Errorf("%d of %d requests were refused for the rate limit: the headers were not heeded", stats.Limited, stats.Requests)
	}
}

// TestTokensAreFetchedAgain checks that a read survives a token endpoint that fails, and tokens
// that expire.
func TestTokensAreFetchedAgain(t *testing.T) {
	t.Parallel()
	target := faultTarget{sampleapi.HelpScout, "conversations", map[string]any{"concurrency": 4, "prefetch": 1}, "conversations"}
	t.Run("endpoint fails", func(t *testing.T) {
		t.Parallel()
		s := target.start(t, sampleapi.Faults{TokenFail: 1}, sampleapi.Options{})
		go func() {
			for s.server.Stats(target.system).TokenRequests == 0 {
				time.Sleep(time.Millisecond)
			}
			s.server.SetFaults(target.system, sampleapi.Faults{})
		}()
		target.must(t, s, "singer")
		if n := s.server.Stats(target.system).TokenRequests; n < 2 {
			t.Errorf("%d token requests, want another try", n)
		}
	})
	t.Run("short life", func(t *testing.T) {
		t.Parallel()
		s := target.start(t, sampleapi.Faults{Latency: 50 * time.Millisecond}, sampleapi.Options{TokenLifetime: time.Second})
		target.must(t, s, "airbyte")
		if n := s.server.Stats(target.system).TokenRequests; n < 2 || n > 60 {
			t.Errorf("%d token requests, want a few", n)
		}
	})
}

// TestMaxRetriesBoundsTheTries counts tries, and checks that a failing stream does not keep the
// others from being read.
func TestMaxRetriesBoundsTheTries(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		for _, retries := range []int{0, 1} {
			t.Run(fmt.Sprintf("%s %d", protocol, retries), func(t *testing.T) {
				t.Parallel()
				target := faultTargets()["pullbay"]
				s := target.start(t, sampleapi.Faults{Fail: 1}, sampleapi.Options{})
				s = s.with(map[string]any{"max_retries": retries, "business_ids": []string{"b-2"}})
				o := s.read(t, protocol, selection{streams: []string{"reviews"}})
				if o.code != 1 {
					t.Errorf("exit code %d, want 1", o.code)
				}
				if n := s.server.Stats(target.system).Requests; n != retries+1 {
					t.Errorf("%d requests, want %d", n, retries+1)
				}
				o.mustSay(t, "500 Internal Server Error", "Internal error", "request ID req_", "reviews")
				mustReportFailure(t, protocol, o, "reviews")
			})
		}
	}
}

// mustReportFailure fails the test unless a failed stream is reported as the protocol has it.
func mustReportFailure(t *testing.T, protocol string, o outcome, stream string) {
	t.Helper()
	if protocol == "singer" {
		if logs := strings.TrimSpace(string(o.logs)); !strings.HasPrefix(logs[strings.LastIndex(logs, "\n")+1:], "CRITICAL ") {
			t.Errorf("the last line of stderr is not CRITICAL:\n%s", logs)
		}
		return
	}
	failed, status := false, ""
	for _, line := range o.lines {
		if line.Trace != nil && line.Trace.Error != nil {
			failed = true
		}
		if line.Trace != nil && line.Trace.Status != nil && line.Trace.Status.Descriptor.Name == stream {
			status = line.Trace.Status.Status
		}
	}
	if !failed || status != "INCOMPLETE" {
		t.Errorf("a TRACE error: %v, last status %q; want one, and INCOMPLETE\n%s", failed, status, o.talk())
	}
}

// TestRefusalsAreNotRetried checks that a refusal takes one request, and that the error helps.
func TestRefusalsAreNotRetried(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 402, 403, 404, 405, 409, 410, 412, 413, 415, 422} {
		for name, target := range faultTargets() {
			if name == "pullbay, managed" {
				continue
			}
			t.Run(fmt.Sprintf("%d %s", status, name), func(t *testing.T) {
				t.Parallel()
				s := target.start(t, sampleapi.Faults{Fail: 1, FailStatus: status}, sampleapi.Options{}).with(map[string]any{"concurrency": 1})
				if target.system == sampleapi.Pullbay {
					s = s.with(map[string]any{"business_ids": []string{"b-2"}})
				}
				o := s.read(t, "airbyte", selection{streams: []string{target.stream}})
				if o.code != 1 {
					t.Errorf("exit code %d, want 1", o.code)
				}
				requests := s.server.Stats(target.system).Requests
				if most := map[bool]int{true: 2, false: 1}[status == 401 && target.system == sampleapi.HelpScout]; requests > most { // the token may be fetched again
					t.Errorf("%d requests, want %d", requests, most)
				}
				o.mustSay(t, fmt.Sprint(status), "Internal error", target.stream)
				if target.system != sampleapi.JSONPlaceholder {
					o.mustSay(t, "request ID ")
				}
				hints := map[int]string{401: "credentials", 403: "permission", 404: "check the address"}
				o.mustSay(t, hints[status])
			})
		}
	}
}

// TestFailureOfAStreamStopsNoOther lets one stream of six fail.
func TestFailureOfAStreamStopsNoOther(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.HelpScout, sampleapi.Options{}, nil)
			// The API refuses threads of a mailbox that does not exist, and does not filter the
			// other lists by it.
			s = s.with(map[string]any{"mailbox": "nosuch"})
			o := s.read(t, protocol, selection{})
			want := truth(t, s.server.Server, s.system, "customers", "mailboxes", "tags", "users")
			if o.code != 1 {
				t.Fatalf("exit code %d, want 1\n%s", o.code, o.talk())
			}
			mustHave(t, o.lines, want)
			mustReportFailure(t, protocol, o, "conversations")
		})
	}
}

// TestCredentialsStayWithTheirHost follows redirects to another host name, which must get no
// credentials.
func TestCredentialsStayWithTheirHost(t *testing.T) {
	t.Parallel()
	for name, target := range faultTargets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := target.start(t, sampleapi.Faults{RedirectHost: 2}, sampleapi.Options{})
			// One request at a time: else a redirected request may be the second again and be led
			// back to the first host.
			o := s.with(map[string]any{"max_retries": 0, "concurrency": 1}).read(t, "airbyte", selection{streams: []string{target.stream}})
			stats := s.server.Stats(target.system)
			if stats.Elsewhere == 0 {
				t.Fatal("no redirect was followed")
			}
			if stats.LeakedCredentials > 0 {
				t.Errorf("%d requests carried credentials to another host", stats.LeakedCredentials)
			}
			if needsNone := target.system == sampleapi.JSONPlaceholder; needsNone != (o.code == 0) {
				t.Errorf("exit code %d\n%s", o.code, o.talk())
			}
		})
	}
}

// TestFaultsTogetherLoseNoRecord reads in spite of all faults at once.
func TestFaultsTogetherLoseNoRecord(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]faultTarget{
		"jsonplaceholder":  {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 10}, "posts"},
		"helpscout":        {sampleapi.HelpScout, "conversations", nil, "conversations"},
		"pullbay":          {sampleapi.Pullbay, "reviews", map[string]any{"limit": 5, "concurrency": 2}, "reviews"},
		"pullbay, managed": faultTargets()["pullbay, managed"],
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				// At most three requests in a row fail. Chance spreads them over the slices.
				s := target.start(t, sampleapi.Faults{Fail: 5, Cut: 7, InvalidJSON: 9, Close: 4, Gzip: "accepted", Redirect: 11}, sampleapi.Options{})
				target.must(t, s.with(map[string]any{"max_retries": 9}), protocol)
				if n := s.server.Stats(target.system).Requests; name != "pullbay, managed" && n < 11 {
					t.Errorf("only %d requests: not every fault struck", n)
				}
			})
		}
	}
}

// sortedIDs are the identities of a truth.
func sortedIDs(want map[string]string) []string { return slices.Sorted(maps.Keys(want)) }

// TestStalledAnswersAreAskedForAgain checks that an answer which stops in the middle is requested
// again after request_timeout.
func TestStalledAnswersAreAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, target := range faultTargets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := target.start(t, sampleapi.Faults{Stall: 3}, sampleapi.Options{})
			target.must(t, s.with(map[string]any{"request_timeout": 0.3}), "singer")
		})
	}
}

// TestRequestTimeoutBoundsSlowAnswers gives a slow answer the time of the system's own rule, and
// that of the setting.
func TestRequestTimeoutBoundsSlowAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings map[string]any
		code     int
	}{
		"standard":         {map[string]any{}, 0},
		"standard, set":    {map[string]any{"request_timeout": 0.1}, 1},
		"managed":          {map[string]any{"pagination": "managed", "timeout": 1}, 0},
		"managed, set":     {map[string]any{"pagination": "managed", "request_timeout": 0.1}, 1},
		"managed, no wait": {map[string]any{"pagination": "managed", "timeout": 1, "request_timeout": 5}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := faultTargets()["pullbay"]
			s := target.start(t, sampleapi.Faults{Latency: 400 * time.Millisecond}, sampleapi.Options{})
			s = s.with(test.settings).with(map[string]any{"max_retries": 0, "business_ids": []string{"b-1"}})
			if o := s.read(t, "airbyte", selection{}); o.code != test.code {
				t.Errorf("exit code %d, want %d\n%s", o.code, test.code, o.talk())
			}
		})
	}
}
