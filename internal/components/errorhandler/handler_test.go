package errorhandler

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

var now = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// build compiles a handler of YAML text.
func build(t testing.TB, text string) (rest.ErrorHandler, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "test.yaml", text)
	c := manifest.NewCompiler(Table(), value.DictOf("n", 2, "k", "cv", "wait", "1.5", "none", nil, "zero", 0))
	c.Now = func() time.Time { return now }
	return manifest.Build[rest.ErrorHandler](c, root)
}

func answer(status int, body string, header ...string) *rest.Answer {
	h := http.Header{"Content-Type": {"application/json"}}
	for _, line := range header {
		name, v, _ := strings.Cut(line, ": ")
		h.Set(name, v)
	}
	return rest.NewAnswer(status, h, "http://u:p@api.test/a/b?key=secret", []byte(body))
}

// judgeCase is an answer with the verdict that a handler has on it.
type judgeCase struct {
	yaml string
	a    *rest.Answer
	want rest.Verdict
}

func (c judgeCase) run(t *testing.T) {
	t.Parallel()
	h, err := build(t, c.yaml)
	if err != nil {
		t.Fatal(err)
	}
	got, err := h.Judge(c.a)
	if err != nil || got != c.want {
		t.Errorf("got %+v, %v; want %+v", got, err, c.want)
	}
}

// filter is a handler with one filter, whose fields follow.
const filter = "type: DefaultErrorHandler\nresponse_filters:\n- type: HttpResponseFilter\n  "

func fault() *rest.Answer {
	return &rest.Answer{Err: &rest.Fault{Kind: rest.NoAnswer, Err: http.ErrServerClosed}}
}

func TestJudgeByStatus(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]judgeCase{
		"fine":                   {"type: DefaultErrorHandler", answer(200, `{}`), rest.Verdict{Action: rest.Success}},
		"304 is fine":            {"type: DefaultErrorHandler", answer(304, ``), rest.Verdict{Action: rest.Success}},
		"404":                    {"type: DefaultErrorHandler", answer(404, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"429":                    {"type: DefaultErrorHandler", answer(429, `{}`), rest.Verdict{Action: rest.RateLimited, Kind: tap.Transient}},
		"501 is not in the list": {"type: DefaultErrorHandler", answer(501, `{}`), rest.Verdict{Action: rest.Retry, Kind: tap.System}},
		"no answer":              {"type: DefaultErrorHandler", fault(), rest.Verdict{Action: rest.Retry, Kind: tap.System}},
		"no answer, filters":     {filter + "predicate: '{{ true }}'\n  action: IGNORE", fault(), rest.Verdict{Action: rest.Retry, Kind: tap.System}},
		"code":                   {filter + "http_codes: [403]\n  action: IGNORE", answer(403, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.Config}},
		"another code":           {filter + "http_codes: [403]\n  action: IGNORE", answer(400, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"no action":              {filter + "http_codes: [403]\n  error_message: mine", answer(403, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.Config}},
		"kind only with FAIL":    {filter + "http_codes: [500]\n  action: RETRY\n  failure_type: config_error", answer(500, `{}`), rest.Verdict{Action: rest.Retry, Kind: tap.Transient}},
		"kind":                   {filter + "http_codes: [500]\n  action: FAIL\n  failure_type: config_error", answer(500, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.Config}},
		"unknown status's kind":  {filter + "http_codes: [418]\n  action: FAIL", answer(418, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
	} {
		t.Run(name, c.run)
	}
}

func TestJudgeByPredicate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]judgeCase{
		"predicate": {filter + "predicate: \"{{ response.code == 'gone' }}\"\n  action: IGNORE", answer(400, `{"code":"gone"}`),
			rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"predicate without JSON": {filter + "predicate: \"{{ response.code == 'gone' }}\"\n  action: IGNORE", answer(400, `gone`),
			rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"predicate of 200":     {filter + "predicate: \"{{ 'error' in response }}\"\n  action: FAIL", answer(200, `{"error":1}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"predicate of headers": {filter + "predicate: \"{{ headers['x-left'] == '0' }}\"\n  action: RATE_LIMITED", answer(200, `{}`, "X-Left: 0"), rest.Verdict{Action: rest.RateLimited, Kind: tap.System}},
		"predicate of address": {filter + "predicate: \"{{ request_url == 'http://api.test/a/b' }}\"\n  action: IGNORE", answer(200, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"predicate of config":  {filter + "predicate: \"{{ config is none }}\"\n  action: IGNORE", answer(200, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"code or predicate":    {filter + "http_codes: [404]\n  predicate: '{{ false }}'\n  action: IGNORE", answer(404, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
	} {
		t.Run(name, c.run)
	}
}

func TestJudgeByMessage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]judgeCase{
		"message":           {filter + "error_message_contains: deep\n  action: IGNORE", answer(400, `{"error":{"errors":[{"message":"deep cause"}]}}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"message in text":   {filter + "error_message_contains: quota\n  action: IGNORE", answer(400, `the quota is gone`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"message of no use": {filter + "error_message_contains: code\n  action: IGNORE", answer(400, `{"code":"code"}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"own message": {filter + "http_codes: [400]\n  action: FAIL\n  error_message: \"{{ response.why }} / {{ headers['X-H'] }} / {{ config['k'] }}\"", answer(400, `{"why":"reason"}`, "X-H: hv"),
			rest.Verdict{Action: rest.Fail, Kind: tap.System, Message: "reason / hv / cv"}},
	} {
		t.Run(name, c.run)
	}
}

func TestJudgeInTurn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]judgeCase{
		"first filter wins": {filter + "http_codes: [404]\n  action: IGNORE\n- type: HttpResponseFilter\n  http_codes: [404]\n  action: FAIL", answer(404, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"composite, first ignores": {"type: CompositeErrorHandler\nerror_handlers:\n- type: DefaultErrorHandler\n  response_filters: [{type: HttpResponseFilter, http_codes: [404], action: IGNORE}]\n- type: DefaultErrorHandler",
			answer(404, `{}`), rest.Verdict{Action: rest.Ignore, Kind: tap.System}},
		"composite, last word": {"type: CompositeErrorHandler\nerror_handlers:\n- type: DefaultErrorHandler\n  response_filters: [{type: HttpResponseFilter, http_codes: [404], action: FAIL, failure_type: config_error}]\n- type: DefaultErrorHandler",
			answer(404, `{}`), rest.Verdict{Action: rest.Fail, Kind: tap.System}},
		"composite, a retry beats the first's failure": {"type: CompositeErrorHandler\nerror_handlers:\n- type: DefaultErrorHandler\n  response_filters: [{type: HttpResponseFilter, http_codes: [500], action: FAIL}]\n- type: DefaultErrorHandler",
			answer(500, `{}`), rest.Verdict{Action: rest.Retry, Kind: tap.Transient}},
	} {
		t.Run(name, c.run)
	}
}

// backoffCase is an answer with the wait that a handler makes of it.
type backoffCase struct {
	yaml    string
	a       *rest.Answer
	attempt int
	want    time.Duration
	most    time.Duration // 0: exactly want
	kind    tap.Kind
}

func (c backoffCase) run(t *testing.T) {
	t.Parallel()
	h, err := build(t, c.yaml)
	if err != nil {
		t.Fatal(err)
	}
	if c.a == nil {
		c.a = answer(503, `{}`)
	}
	got, err := h.Backoff(c.a, max(c.attempt, 1))
	if (err == nil) != (c.kind == "") || err != nil && tap.KindOf(err) != c.kind {
		t.Fatalf("got error %v, want kind %q", err, c.kind)
	}
	if got < c.want || got > max(c.want, c.most) {
		t.Errorf("got %v, want %v to %v", got, c.want, c.most)
	}
}

// one is a handler with one strategy.
func one(strategy string) string {
	return "type: DefaultErrorHandler\nbackoff_strategies:\n- " + strategy
}

func TestBackoffWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]backoffCase{
		"none":               {yaml: "type: DefaultErrorHandler"},
		"constant":           {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: 0.1}"), want: 100 * time.Millisecond},
		"constant template":  {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: \"{{ config['wait'] }}\"}"), want: 1500 * time.Millisecond},
		"constant text":      {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: '7'}"), want: 7 * time.Second},
		"constant jitter":    {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: 1, jitter_range_in_seconds: 2}"), want: time.Second, most: 5 * time.Second},
		"zero is no opinion": {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: 0}\n- {type: ConstantBackoffStrategy, backoff_time_in_seconds: 3}"), want: 3 * time.Second},
		"exponential, first": {yaml: one("{type: ExponentialBackoffStrategy}"), attempt: 1, want: 10 * time.Second},
		"exponential, third": {yaml: one("{type: ExponentialBackoffStrategy, factor: 0.5}"), attempt: 3, want: 4 * time.Second},
		"exponential, huge":  {yaml: one("{type: ExponentialBackoffStrategy}"), attempt: 900, want: longestWait},
	} {
		t.Run(name, c.run)
	}
}

func TestBackoffByHeader(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]backoffCase{
		"header":             {yaml: one("{type: WaitTimeFromHeader, header: Retry-After}"), a: answer(429, "", "Retry-After:  2.5 "), want: 2500 * time.Millisecond},
		"header missing":     {yaml: one("{type: WaitTimeFromHeader, header: Retry-After}")},
		"header, underscore": {yaml: one("{type: WaitTimeFromHeader, header: Retry-After}"), a: answer(429, "", "Retry-After: 1_5"), want: 15 * time.Second},
		"header no number":   {yaml: one("{type: WaitTimeFromHeader, header: Retry-After}"), a: answer(429, "", "Retry-After: soon")},
		"header negative":    {yaml: one("{type: WaitTimeFromHeader, header: Retry-After}"), a: answer(429, "", "Retry-After: -5")},
		"header regex":       {yaml: one(`{type: WaitTimeFromHeader, header: X-W, regex: '[.\d]+'}`), a: answer(429, "", "X-W: 3.5 seconds"), want: 3500 * time.Millisecond},
		"regex at the start": {yaml: one(`{type: WaitTimeFromHeader, header: X-W, regex: '[.\d]+'}`), a: answer(429, "", "X-W: wait 3")},
		"cap":                {yaml: one("{type: WaitTimeFromHeader, header: Retry-After, max_waiting_time_in_seconds: 10}"), a: answer(429, "", "Retry-After: 10"), kind: tap.Transient},
		"below the cap":      {yaml: one("{type: WaitTimeFromHeader, header: Retry-After, max_waiting_time_in_seconds: 10}"), a: answer(429, "", "Retry-After: 9"), want: 9 * time.Second},
		"no answer, capped":  {yaml: one("{type: WaitTimeFromHeader, header: Retry-After, max_waiting_time_in_seconds: 0}"), a: &rest.Answer{Err: http.ErrServerClosed}},
	} {
		t.Run(name, c.run)
	}
}

func TestBackoffUntilATime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]backoffCase{
		"until":              {yaml: one("{type: WaitUntilTimeFromHeader, header: X-Reset}"), a: answer(429, "", "X-Reset: 1795132801.5"), want: 1500 * time.Millisecond},
		"until, past":        {yaml: one("{type: WaitUntilTimeFromHeader, header: X-Reset}"), a: answer(429, "", "X-Reset: 1795132000")},
		"until, at least":    {yaml: one("{type: WaitUntilTimeFromHeader, header: X-Reset, min_wait: 4}"), a: answer(429, "", "X-Reset: 1795132801"), want: 4 * time.Second},
		"until, no header":   {yaml: one("{type: WaitUntilTimeFromHeader, header: X-Reset, min_wait: '{{ 4 }}'}"), want: 4 * time.Second},
		"until, regex":       {yaml: one(`{type: WaitUntilTimeFromHeader, header: X-Reset, regex: '\d+'}`), a: answer(429, "", "X-Reset: 1795132802;x"), want: 2 * time.Second},
		"until, capped":      {yaml: one("{type: WaitUntilTimeFromHeader, header: X-Reset, min_wait: 4, max_waiting_time_in_seconds: 4}"), kind: tap.Transient},
		"response":           {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\"}"), a: answer(429, `{"retry": 1.5}`), want: 1500 * time.Millisecond},
		"response, headers":  {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ headers['X-W'] }}\"}"), a: answer(429, `no JSON`, "X-W: 2"), want: 2 * time.Second},
		"response, missing":  {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['a']['b'] }}\"}"), a: answer(429, `{}`)},
		"response, a list":   {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\"}"), a: answer(429, `[]`)},
		"response, a text":   {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\"}"), a: answer(429, `{"retry":"soon"}`)},
		"response, sum":      {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] + 1 }}\"}"), a: answer(429, `{"retry":"3"}`)},
		"response, negative": {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\"}"), a: answer(429, `{"retry":-3}`)},
		"response, infinite": {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\"}"), a: answer(429, `{"retry":Infinity}`)},
		"response, capped":   {yaml: one("{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response['retry'] }}\", max_waiting_time_in_seconds: '{{ 2 }}'}"), a: answer(429, `{"retry":3}`), kind: tap.Transient},
		"of a composite":     {yaml: "type: CompositeErrorHandler\nerror_handlers:\n- type: DefaultErrorHandler\n- type: DefaultErrorHandler\n  backoff_strategies: [{type: ConstantBackoffStrategy, backoff_time_in_seconds: 6}]", want: 6 * time.Second},
		"bad template":       {yaml: one("{type: ConstantBackoffStrategy, backoff_time_in_seconds: \"{{ config['k'] }}\"}"), kind: tap.System},
	} {
		t.Run(name, c.run)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		yaml string
		want int
		err  string
	}{
		"default":        {"type: DefaultErrorHandler", 5, ""},
		"number":         {"type: DefaultErrorHandler\nmax_retries: 0", 0, ""},
		"template":       {"type: DefaultErrorHandler\nmax_retries: \"{{ config['n'] }}\"", 2, ""},
		"zero":           {"type: DefaultErrorHandler\nmax_retries: \"{{ config['zero'] }}\"", 0, ""},
		"missing":        {"type: DefaultErrorHandler\nmax_retries: \"{{ config['nope'] }}\"", 5, ""},
		"no number":      {"type: DefaultErrorHandler\nmax_retries: \"{{ config['k'] }}\"", 0, "max_retries"},
		"composite":      {"type: CompositeErrorHandler\nerror_handlers:\n- {type: DefaultErrorHandler, max_retries: 1}\n- {type: DefaultErrorHandler, max_retries: 9}", 1, ""},
		"empty":          {"type: CompositeErrorHandler\nerror_handlers: []", 0, "error_handlers is empty"},
		"wrong action":   {"type: DefaultErrorHandler\nresponse_filters: [{type: HttpResponseFilter, action: SKIP}]", 0, "SKIP"},
		"bad cap":        {"type: DefaultErrorHandler\nbackoff_strategies: [{type: WaitTimeFromHeader, header: x, max_waiting_time_in_seconds: \"{{ config['nope'] }}\"}]", 0, "max_waiting_time_in_seconds"},
		"unknown name":   {"type: DefaultErrorHandler\nbackoff_strategies: [{type: WaitTimeFromResponse, wait_time_in_seconds: '{{ resposne.x }}'}]", 0, "resposne"},
		"custom handler": {"type: CompositeErrorHandler\nerror_handlers: [{type: CustomErrorHandler, class_name: source.Mine}]", 0, "source.Mine"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := build(t, c.yaml)
			most := 0
			if err == nil {
				most, _ = h.MaxRetries()
			}
			switch {
			case c.err != "":
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v, want %q", err, c.err)
				}
			case err != nil:
				t.Error(err)
			case most != c.want || h.MaxTime() != rest.DefaultMaxTime:
				t.Errorf("got %d in %v, want %d", most, h.MaxTime(), c.want)
			}
		})
	}
}

// FuzzWaits: whatever headers hold, and patterns find in them, no wait is negative.
func FuzzWaits(f *testing.F) {
	for _, text := range []string{"12", "1e400", "NaN", "-5", "reset in 7.5s", "1764547200", "٣", "inf", "1_0"} {
		f.Add(text, "[.\\d]+")
		f.Add(text, "")
	}
	f.Add("(((((", "(")
	f.Fuzz(func(t *testing.T, header, regex string) {
		for _, kind := range []string{"WaitTimeFromHeader", "WaitUntilTimeFromHeader"} {
			pattern := ""
			if regex != "" {
				pattern = ", regex: " + string(value.Append(nil, regex))
			}
			h, err := build(t, "{type: DefaultErrorHandler, backoff_strategies: [{type: "+kind+", header: X-Wait"+pattern+"}]}")
			if err != nil {
				return
			}
			a := answer(429, "{}")
			a.Header["X-Wait"] = []string{header}
			if got, err := h.Backoff(a, 1); err == nil && got < 0 {
				t.Errorf("%s of %q by %q: %s", kind, header, regex, got)
			}
		}
	})
}
