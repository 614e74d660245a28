package auth

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/pytime"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// MultiTokenDefinition are the fields of
//
//	type: RateLimitedMultipleTokenAuthenticator
//	tokens: "{{ config['tokens'] }}"
//	quota_status_source: {type: QuotaStatusSource, url: "https://api.example.com/rate_limit"}
//	quotas:
//	  - {type: TokenQuota, name: core, remaining_path: [core, remaining], reset_path: [core, reset]}
type MultiTokenDefinition struct {
	Tokens     any              `manifest:"tokens,required,is=string|[string],minitems=1" doc:"The tokens: a list of templates, or one template of a text with token_delimiter between them."`
	Delimiter  string           `manifest:"token_delimiter,default=," doc:"What stands between tokens in one text."`
	Method     string           `manifest:"auth_method,default=Bearer" doc:"What stands before the token in the header."`
	Header     string           `manifest:"header,default=Authorization" doc:"The header that takes the token."`
	Source     *manifest.Node   `manifest:"quota_status_source,required,is=QuotaStatusSource" doc:"Who says what is left."`
	Quotas     []*manifest.Node `manifest:"quotas,required,of=TokenQuota,minitems=1" doc:"What each token may be used for."`
	MaxWait    *jinja.String    `manifest:"max_wait_time,default=PT2H" doc:"The longest wait for a quota to begin anew, an ISO 8601 duration."`
	Fraction   *float64         `manifest:"budget_reserve_fraction,default=0.1" doc:"The part of a quota below which requests are spread over what is left of its time."`
	MinReserve *int64           `manifest:"budget_min_reserve,default=50" doc:"The number of calls below which they are, whatever the part."`
}

// QuotaStatusDefinition are the fields of
//
//	type: QuotaStatusSource
//	url: "https://api.example.com/rate_limit"
type QuotaStatusDefinition struct {
	URL         *jinja.String     `manifest:"url,required" doc:"The address."`
	Method      string            `manifest:"http_method,enum=GET|POST,default=GET" doc:"The HTTP method."`
	Headers     []manifest.Member `manifest:"request_headers,of=string" doc:"Further headers."`
	Unavailable []int64           `manifest:"unavailable_status_codes,unique" doc:"Statuses that mean that the API counts nothing."`
}

// buildQuotaStatus builds a QuotaStatusSource.
func buildQuotaStatus(c *manifest.Compiler, n *manifest.Node) (*quotaStatus, error) {
	var def QuotaStatusDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := runOf(c)
	s := &quotaStatus{method: def.Method, headers: value.NewDict(len(def.Headers)), unavailable: def.Unavailable}
	var err error
	if s.address, err = def.URL.Text(r.env); err != nil {
		return nil, n.Get("url").Problem("%v", err)
	}
	for _, m := range def.Headers {
		text, err := configText(c, m.Node)
		if err != nil {
			return nil, err
		}
		s.headers.Set(m.Name, text)
	}
	return s, nil
}

// configText evaluates a template of the configuration.
func configText(c *manifest.Compiler, n *manifest.Node) (string, error) {
	source, _ := n.Text()
	t, err := jinja.CompileString(source, nil)
	if t == nil {
		return "", n.Problem("%v", err)
	}
	text, err := t.Text(c.ConfigEnv())
	if err != nil {
		return "", n.Problem("%v", err)
	}
	return text, nil
}

// multiTokens are the authenticators of the run by what they are made of: equal ones are one, so that all streams
// count together.
type multiTokens struct {
	mu  sync.Mutex
	all map[string]*MultiToken
}

// BuildMultiToken builds a RateLimitedMultipleTokenAuthenticator, or gives an equal one that was built before.
func BuildMultiToken(c *manifest.Compiler, n *manifest.Node) (*MultiToken, error) {
	var def MultiTokenDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	m := &MultiToken{run: runOf(c), method: orText(def.Method, "Bearer"), header: orText(def.Header, authorization),
		fraction: *def.Fraction, minReserve: float64(*def.MinReserve), seeding: newLock()}
	var err error
	if m.tokens, err = def.tokens(c, n, m.run.env); err != nil {
		return nil, err
	}
	if m.status, err = manifest.Build[*quotaStatus](c, def.Source); err != nil {
		return nil, err
	}
	if m.quotas, err = manifest.BuildAll[*quota](c, def.Quotas); err != nil {
		return nil, err
	}
	if m.longest, err = def.longest(m.run.env); err != nil {
		return nil, n.Get("max_wait_time").Problem("%v", err)
	}
	shared := service(c, func() *multiTokens { return &multiTokens{all: map[string]*MultiToken{}} })
	shared.mu.Lock()
	defer shared.mu.Unlock()
	key := m.key(def)
	if have := shared.all[key]; have != nil {
		return have, nil
	}
	if len(m.tokens) == 0 {
		return nil, tap.Errorf(tap.Config, "the configuration has no token to sign requests with")
	}
	m.run.client.Redactor().Add(m.tokens...)
	m.ask = m.status.exchange(m.run.client)
	shared.all[key] = m
	return m, nil
}

func orText(text, missing string) string {
	if text == "" {
		return missing
	}
	return text
}

// tokens reads the tokens, without blanks around them; empty ones are left out.
func (def *MultiTokenDefinition) tokens(c *manifest.Compiler, n *manifest.Node, env *jinja.Env) ([]string, error) {
	var texts []string
	if source, ok := def.Tokens.(string); ok {
		t, err := jinja.CompileString(source, nil)
		if t == nil {
			return nil, n.Get("tokens").Problem("%v", err)
		}
		text, err := t.Text(env)
		if err != nil {
			return nil, n.Get("tokens").Problem("%v", err)
		}
		texts = strings.Split(text, orText(def.Delimiter, ","))
	}
	for _, item := range n.Get("tokens").Items() {
		text, err := configText(c, item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	var tokens []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			tokens = append(tokens, text)
		}
	}
	return tokens, nil
}

// longest reads max_wait_time.
func (def *MultiTokenDefinition) longest(env *jinja.Env) (time.Duration, error) {
	text := "PT2H"
	if given(def.MaxWait) != nil {
		var err error
		if text, err = def.MaxWait.Text(env); err != nil {
			return 0, err
		}
	}
	d, err := pytime.ParseDuration(text)
	if err != nil {
		return 0, err
	}
	if d.Calendar() {
		return 0, fmt.Errorf("%s has years or months, expected a length of time such as PT2H", text)
	}
	return d.Delta.Duration(), nil
}

// key tells the authenticator from others of the run.
func (m *MultiToken) key(def MultiTokenDefinition) string {
	var b strings.Builder
	unavailable := slices.Compact(slices.Sorted(slices.Values(m.status.unavailable)))
	fmt.Fprintf(&b, "%q %q %q %d %v %v ", m.tokens, m.method, m.header, m.longest, m.fraction, m.minReserve)
	fmt.Fprintf(&b, "%q %q %v %s ", m.status.address, m.status.method, unavailable, value.Append(nil, m.status.headers))
	for _, q := range def.Quotas {
		own, _ := q.Value().(*value.Dict)
		if own == nil {
			continue
		}
		own = own.Clone()
		own.Delete("$parameters")
		b.Write(value.AppendCompactSorted(nil, own))
	}
	return b.String()
}

// quotaStatus says who tells what is left.
type quotaStatus struct {
	address, method string
	headers         *value.Dict
	unavailable     []int64
}

// exchange asks the source, with the reference runtime's default handling of errors.
func (s *quotaStatus) exchange(client *exchange.Client) *exchange.Endpoint {
	return client.NewEndpoint(exchange.Setup{
		Stream: "quota_status", Method: s.method, NoStore: true, NoBudget: true,
		Handler: statusJudge{ErrorHandler: rest.DefaultErrorHandler{}, unavailable: s.unavailable},
	})
}

// statusJudge takes some statuses for the answer that nothing is counted.
type statusJudge struct {
	rest.ErrorHandler
	unavailable []int64
}

// Judge ignores them.
func (j statusJudge) Judge(a *rest.Answer) (rest.Verdict, error) {
	if a.Err == nil {
		for _, status := range j.unavailable {
			if int64(a.Status) == status && status >= http.StatusBadRequest {
				return rest.Verdict{Action: rest.Ignore, Message: "the API says that it counts no calls"}, nil
			}
		}
	}
	return j.ErrorHandler.Judge(a)
}
