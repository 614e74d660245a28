package budget_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/budget"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// budgetCase is a budget with the wait that it makes three requests take.
type budgetCase struct {
	yaml   string
	header string
	slept  time.Duration // for three requests
	err    string
}

func (c budgetCase) run(t *testing.T) {
	t.Parallel()
	root := manifesttest.Resolve(t, "test.yaml", c.yaml)
	b, err := manifest.Build[*exchange.Budget](manifest.NewCompiler(budget.Table(), value.DictOf("n", 2)), root)
	if c.err != "" {
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("got %v, want %q", err, c.err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	clock := resttest.NewClock()
	answer := resttest.Answer{Body: "{}"}
	if c.header != "" {
		answer.Header = []string{c.header}
	}
	client := exchange.NewClient(resttest.Runtime(resttest.Script(answer), clock))
	client.SetBudget(b)
	x := client.NewEndpoint(exchange.Setup{})
	own := &rest.Parts{Params: value.DictOf("a", 1, "t", true), Headers: value.DictOf("X-Mode", "bulk")}
	for range 3 {
		if _, err := x.Send(context.Background(), "http://api.test/v1/items/", own, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := clock.Slept(); got != c.slept {
		t.Errorf("slept %v, want %v", got, c.slept)
	}
}

// moving is a budget with one policy.
func moving(matchers string) string {
	return "type: HTTPAPIBudget\npolicies:\n- type: MovingWindowCallRatePolicy\n  rates: [{limit: \"{{ config['n'] }}\", interval: PT1M}]\n  matchers: [" + matchers + "]\n"
}

func TestBudget(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]budgetCase{
		"moving":            {yaml: moving(""), slept: time.Minute},
		"path":              {yaml: moving("{url_path_pattern: '^/v1/it.ms$'}"), slept: time.Minute},
		"another path":      {yaml: moving("{url_path_pattern: '^/v2/'}")},
		"look-ahead":        {yaml: moving("{url_path_pattern: '/(?!other)'}"), slept: time.Minute},
		"base with a slash": {yaml: moving("{url_base: 'http://api.test/', method: get}"), slept: time.Minute},
		"parameters":        {yaml: moving("{params: {a: 1, t: true}}"), slept: time.Minute},
		"other parameters":  {yaml: moving("{params: {a: 2}}")},
		"headers":           {yaml: moving("{headers: {x-mode: bulk}}"), slept: time.Minute},
		"one of two":        {yaml: moving("{method: POST}, {method: GET}"), slept: time.Minute},
		"weight":            {yaml: moving("{weight: \"{{ config['n'] }}\"}"), slept: 2 * time.Minute},
		"bad weight":        {yaml: moving("{weight: 0}"), err: "weight: 0 is less than 1"},
		"end of the path":   {yaml: moving(`{url_path_pattern: '^/v1/items\Z'}`), slept: time.Minute},
		"bad pattern":       {yaml: moving("{url_path_pattern: '('}"), err: "url_path_pattern"},
		"unlimited":         {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: UnlimitedCallRatePolicy, matchers: []}\n- {type: FixedWindowCallRatePolicy, period: PT1H, call_limit: 1, matchers: []}"},
		"fixed":             {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: FixedWindowCallRatePolicy, period: PT1H, call_limit: 2, matchers: []}", slept: time.Hour + time.Millisecond},
		"own header":        {yaml: moving("") + "ratelimit_remaining_header: X-Left\n", header: "X-Left: 0", slept: 2 * time.Minute},
		"bad interval":      {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: MovingWindowCallRatePolicy, rates: [{limit: 1, interval: a minute}], matchers: []}", err: `"a minute" is no duration`},
		"no rates":          {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: MovingWindowCallRatePolicy, rates: [], matchers: []}", err: "rates is empty"},
		"bad limit":         {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: MovingWindowCallRatePolicy, rates: [{limit: some, interval: PT1S}], matchers: []}", err: "is no whole number"},
		"no matchers":       {yaml: "type: HTTPAPIBudget\npolicies:\n- {type: UnlimitedCallRatePolicy}", err: "matchers"},
	} {
		t.Run(name, c.run)
	}
}
