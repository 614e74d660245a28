package resttest

import (
	"sync/atomic"
	"testing"
	"time"

	"anytap/internal/rest"
)

// moods are what is wrong with a moody.
type moods struct {
	verdict   *rest.Verdict // on each answer
	alternate bool
	tires     int32 // judgements until the verdict changes; 0: it never does
	wait      time.Duration
	retries   int
}

// moody is an error handler with faults.
type moody struct {
	rest.DefaultErrorHandler
	moods

	judged atomic.Int32
}

func (m *moody) Judge(a *rest.Answer) (rest.Verdict, error) {
	n := m.judged.Add(1)
	switch {
	case m.verdict != nil:
		return *m.verdict, nil
	case m.alternate && n%2 == 0, m.tires > 0 && n > m.tires:
		return rest.Verdict{Action: rest.Ignore}, nil
	}
	return m.DefaultErrorHandler.Judge(a)
}

func (m *moody) Backoff(*rest.Answer, int) (time.Duration, error) { return m.wait, nil }

func (m *moody) MaxRetries() (int, bool) { return m.retries, true }

// TestErrorHandlerChecksFail tries each check on an error handler that is right and on one that
// breaks just that rule.
func TestErrorHandlerChecksFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		moods moods
		fails string // the check that must fail; empty: none may
	}{
		"right":                         {moods{}, ""},
		"an unknown action":             {moods{verdict: &rest.Verdict{Action: "SKIP"}}, "has a verdict on every answer"},
		"a failure without a kind":      {moods{verdict: &rest.Verdict{Action: rest.Fail}}, "has a verdict on every answer"},
		"another verdict the next time": {moods{alternate: true}, "judges an answer alike each time"},
		"other verdicts under load":     {moods{tires: 500}, "is used by many requests at once"},
		"a negative wait":               {moods{wait: -1}, "waits within limits"},
		"a wait of years":               {moods{wait: 10 * longestWait}, "waits within limits"},
		"negative retries":              {moods{retries: -1}, "retries within limits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tryChecks(t, errorHandlerChecks, test.fails, func() rest.ErrorHandler { return &moody{moods: test.moods} })
		})
	}
}

func TestDefaultErrorHandlerPassesTheSuite(t *testing.T) {
	t.Parallel()
	ErrorHandler(t, rest.DefaultErrorHandler{})
}
