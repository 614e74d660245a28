package auth

import (
	"context"
	"fmt"
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

// MultiTokenDefinition configures an authenticator that spreads requests over several tokens, each
// with quotas of its own.
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
	Source     *manifest.Node   `manifest:"quota_status_source,required,is=QuotaStatusSource" doc:"Where the API says what a token has left."`
	Quotas     []*manifest.Node `manifest:"quotas,required,of=TokenQuota,minitems=1" doc:"The quotas of each token."`
	MaxWait    *jinja.String    `manifest:"max_wait_time,default=PT2H" doc:"The longest wait for a quota to be reset, as an ISO 8601 duration."`
	Fraction   *float64         `manifest:"budget_reserve_fraction,default=0.1" doc:"The fraction of a quota below which requests are spread over the time until its reset."`
	MinReserve *int64           `manifest:"budget_min_reserve,default=50" doc:"The number of calls below which they are, whatever the fraction."`
}

// multiTokens are the authenticators of the run by their keys. Streams with equal definitions share
// one, so that they count together.
type multiTokens struct {
	mu  sync.Mutex
	all map[string]*MultiToken
}

// BuildMultiToken builds a RateLimitedMultipleTokenAuthenticator, or returns an equal one that was
// built before.
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

// orText is text, or what stands for it where it is empty.
func orText(text, missing string) string {
	if text == "" {
		return missing
	}
	return text
}

// tokens reads the tokens without the blanks around them. Empty ones are left out.
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

// longest is max_wait_time.
func (def *MultiTokenDefinition) longest(env *jinja.Env) (time.Duration, error) {
	text := "PT2H"
	if def.MaxWait.Given() != nil {
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

// key is equal for authenticators that are made of the same.
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

// MultiToken spreads requests over several tokens and counts the calls that each has left. When a
// token has none left it goes on to the next. It slows down when all tokens have few calls left,
// and waits when they have none.
type MultiToken struct {
	run                  *run
	tokens               []string
	method, header       string
	quotas               []*quota
	status               *quotaStatus
	ask                  *exchange.Endpoint
	longest              time.Duration
	fraction, minReserve float64

	seeding lock // held during the requests for the counts

	mu     sync.Mutex
	active int                                         // the index of the token in use
	counts map[string]map[string]*count                // by token and name of quota; nil: not asked for yet
	logged struct{ unmatched, untracked, slowed bool } // each message is logged once
}

var _ rest.Authenticator = (*MultiToken)(nil)

// Sign charges the first quota. Exchanges call SignDraft instead: which quota is charged depends on
// the request.
func (m *MultiToken) Sign(ctx context.Context, o *rest.Parts) error {
	return m.charge(ctx, o, m.quotas[0])
}

// Refresh returns rest.ErrNoRefresh.
func (*MultiToken) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are all that spreading over tokens takes.
func (m *MultiToken) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{SignDraft: m.signDraft, Preview: m.preview, Observe: m.observe, Spare: m.spare}
}

// signature says which count an answer is about.
type signature struct {
	token string
	quota *quota
}

// preview is the header with the token in use.
func (m *MultiToken) preview() *rest.Parts {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := &rest.Parts{}
	setHeader(o, m.header, m.text(m.tokens[m.active]))
	return o
}

func (m *MultiToken) text(token string) string { return strings.TrimSpace(m.method + " " + token) }

// signDraft adds the header with a token that has a call left for such a request, and takes that
// call.
func (m *MultiToken) signDraft(ctx context.Context, o *rest.Parts, draft *rest.Request) error {
	return m.charge(ctx, o, m.quotaOf(draft))
}

// charge takes a call of a quota and adds the header.
func (m *MultiToken) charge(ctx context.Context, o *rest.Parts, q *quota) error {
	if err := m.seed(ctx, false, nil); err != nil {
		return err
	}
	token, err := m.acquire(ctx, q)
	if err != nil {
		return err
	}
	o.Mark = signature{token, q}
	setHeader(o, m.header, m.text(token))
	return nil
}

// quotaOf is the quota that a request is charged to: the first that matches it, else the first
// without matchers, else the first.
func (m *MultiToken) quotaOf(r *rest.Request) *quota {
	var other *quota
	for _, q := range m.quotas {
		if slices.ContainsFunc(q.matchers, func(m *exchange.Matcher) bool { return m.Matches(r) }) {
			return q
		}
		if len(q.matchers) == 0 && other == nil {
			other = q
		}
	}
	if other != nil {
		return other
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.logged.unmatched {
		m.logged.unmatched = true
		m.run.log.Warn("a request matches no quota, the first is charged; consider a quota without matchers",
			"address", m.run.client.Redactor().Text(r.BareAddress()), "quota", m.quotas[0].name)
	}
	return m.quotas[0]
}
