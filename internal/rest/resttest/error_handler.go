package resttest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
)

// errorHandlerChecks are what every error handler has to pass, by name.
var errorHandlerChecks = map[string]func(testing.TB, rest.ErrorHandler){
	"has a verdict on every answer":    errorHandlerJudges,
	"judges an answer alike each time": errorHandlerIsStateless,
	"is used by many requests at once": errorHandlerIsShared,
	"waits within limits":              errorHandlerWaits,
	"retries within limits":            errorHandlerEnds,
}

// ErrorHandler checks what every error handler has to do, whatever it decides.
func ErrorHandler(t *testing.T, h rest.ErrorHandler) {
	t.Helper()
	for name, check := range errorHandlerChecks {
		t.Run(name, func(t *testing.T) { check(t, h) })
	}
}

// answersToJudge makes answers of many kinds, by name.
func answersToJudge() map[string]*rest.Answer {
	answers := map[string]*rest.Answer{
		"no connection": {Err: &rest.Fault{Kind: rest.NoAnswer, Err: errors.New("refused")}},
		"timeout":       {Err: &rest.Fault{Kind: rest.TimedOut, Err: errors.New("timeout")}},
		"cut body":      {Err: &rest.Fault{Kind: rest.CutBody, Err: errors.New("reset")}},
	}
	for _, status := range []int{200, 204, 304, 400, 401, 403, 404, 409, 418, 429, 500, 501, 503, 599} {
		for name, body := range map[string]string{"object": `{"error": {"message": "no", "wait": "1"}}`, "list": `["no"]`, "text": "no", "nothing": ""} {
			for _, wait := range []string{"", "0", "3", "-3", "1e300", "NaN", "soon", "99999999999"} {
				h := http.Header{"Content-Type": {"application/json"}}
				if wait != "" {
					h.Set("Retry-After", wait)
				}
				answers[fmt.Sprintf("%d, %s, Retry-After %q", status, name, wait)] = rest.NewAnswer(status, h, "https://api.test/items", []byte(body))
			}
		}
	}
	return answers
}

var (
	knownActions = []rest.Action{rest.Success, rest.Retry, rest.Fail, rest.Ignore, rest.RateLimited, rest.ResetPagination,
		rest.RefreshTokenAndRetry, rest.ReducePageSize, rest.SplitRequestWindow, rest.EndOfList}
	knownKinds = []tap.Kind{tap.Config, tap.Transient, tap.System}
)

func errorHandlerJudges(t testing.TB, h rest.ErrorHandler) {
	for name, a := range answersToJudge() {
		v, err := h.Judge(a)
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case !slices.Contains(knownActions, v.Action):
			t.Errorf("%s: the action %q is not known", name, v.Action)
		case v.Action == rest.Fail && !slices.Contains(knownKinds, v.Kind):
			t.Errorf("%s: a failure of the kind %q", name, v.Kind)
		}
	}
}

func errorHandlerIsStateless(t testing.TB, h rest.ErrorHandler) {
	for name, a := range answersToJudge() {
		before, _ := a.Body()
		before = bytes.Clone(before)
		first, _ := h.Judge(a)
		for range 2 {
			if v, _ := h.Judge(a); v != first {
				t.Errorf("%s: the verdict is %+v, it was %+v", name, v, first)
			}
		}
		if after, _ := a.Body(); !bytes.Equal(after, before) {
			t.Errorf("%s: the body is %q, it was %q", name, after, before)
		}
	}
}

func errorHandlerIsShared(t testing.TB, h rest.ErrorHandler) {
	want := map[string]rest.Verdict{}
	for name, a := range answersToJudge() {
		want[name], _ = h.Judge(a)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for name, a := range answersToJudge() {
				if v, _ := h.Judge(a); v != want[name] {
					t.Errorf("%s: the verdict is %+v, want %+v", name, v, want[name])
				}
				_, _ = h.Backoff(a, 1)
			}
		})
	}
	wg.Wait()
}

// longestWait is more than any strategy may wait.
const longestWait = 367 * 24 * time.Hour

func errorHandlerWaits(t testing.TB, h rest.ErrorHandler) {
	for name, a := range answersToJudge() {
		for _, attempt := range []int{1, 2, 10, 64, 2000} {
			// An error ends the stream, as for a wait that is longer than the manifest allows.
			if d, err := h.Backoff(a, attempt); err == nil && (d < 0 || d > longestWait) {
				t.Errorf("%s: the wait after try %d is %s", name, attempt, d)
			}
		}
	}
}

func errorHandlerEnds(t testing.TB, h rest.ErrorHandler) {
	n, _ := h.MaxRetries()
	if d := h.MaxTime(); n < 0 || d <= 0 || d > 24*time.Hour {
		t.Errorf("%d retries in %s", n, d)
	}
}
