package auth

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// MultiToken spreads requests over several tokens and keeps count of what each may still be used for. It goes on to the next
// token when one is used up, waits when all are, and slows down before.
type MultiToken struct {
	run                  *run
	tokens               []string
	method, header       string
	quotas               []*quota
	status               *quotaStatus
	ask                  *exchange.Endpoint
	longest              time.Duration
	fraction, minReserve float64

	seeding lock // held while the counts are asked for

	mu     sync.Mutex
	active int                                         // of tokens
	counts map[string]map[string]*count                // by token and quota; nil: not asked for yet
	quiet  struct{ unmatched, untracked, slowed bool } // what was logged
}

var (
	_ rest.Authenticator = (*MultiToken)(nil)
	_ rest.DraftSigner   = (*MultiToken)(nil)
	_ rest.Observer      = (*MultiToken)(nil)
	_ rest.Rotator       = (*MultiToken)(nil)
)

// Sign is never called: what a request counts as depends on the request.
func (m *MultiToken) Sign(ctx context.Context, o *rest.Parts) error {
	return m.charge(ctx, o, m.quotas[0])
}

// Refresh has nothing to refresh.
func (*MultiToken) Refresh(context.Context) error { return rest.ErrNoRefresh }

// signature is what an answer is attributed to.
type signature struct {
	token string
	quota *quota
}

// Preview is the header with the token that is next.
func (m *MultiToken) Preview() *rest.Parts {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := &rest.Parts{}
	setHeader(o, m.header, m.text(m.tokens[m.active]))
	return o
}

func (m *MultiToken) text(token string) string { return strings.TrimSpace(m.method + " " + token) }

// SignDraft adds the header, with a token that has a call left for such a request.
func (m *MultiToken) SignDraft(ctx context.Context, o *rest.Parts, draft *rest.Request) error {
	return m.charge(ctx, o, m.quotaOf(draft))
}

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

// quotaOf finds the quota that a request is charged to: the first that matches it, else the first without matchers.
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
	if !m.quiet.unmatched {
		m.quiet.unmatched = true
		m.run.log.Warn("a request matches no quota, the first is charged; consider a quota without matchers",
			"address", m.run.client.Redactor().Text(r.BareAddress()), "quota", m.quotas[0].Name)
	}
	return m.quotas[0]
}

// The bounds of waits.
const (
	mostSlowdown  = 10 * time.Second
	leastWait     = 5 * time.Second // so that a reset that is over does not ask for the counts again and again
	leastSlowdown = 100 * time.Millisecond
)

// acquire takes a call of a token.
func (m *MultiToken) acquire(ctx context.Context, q *quota) (string, error) {
	var deadline time.Time
	for {
		token, wait, slowdown, err := m.take(q, &deadline)
		switch {
		case err != nil:
			return "", err
		case wait > 0:
			if err := m.run.client.Wait(ctx, m.run.stream, "all tokens are used up for "+q.Name, wait); err != nil {
				return "", err
			}
			if err := m.seed(ctx, true, q); err != nil {
				return "", err
			}
		case token != "":
			return token, m.slow(ctx, q, slowdown)
		}
	}
}

// take takes a call of the active token, or goes on to the next (no token, no wait), or says how long all are used up.
func (m *MultiToken) take(q *quota, deadline *time.Time) (token string, wait, slowdown time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token = m.tokens[m.active]
	c := m.counts[token][q.Name]
	switch {
	case !c.tracked: // nothing tells the tokens apart, so each gets its turn
		m.next()
		return token, 0, 0, nil
	case c.left > 0:
		c.left--
		return token, 0, m.slowdown(q), nil
	case slices.ContainsFunc(m.tokens, func(t string) bool { return !m.counts[t][q.Name].spent() }):
		m.next()
		return "", 0, 0, nil
	}
	wall := m.run.client.Wall()
	if deadline.IsZero() {
		*deadline = wall.Add(m.longest)
	}
	left := deadline.Sub(wall)
	soonest := time.Duration(math.MaxInt64)
	for _, t := range m.tokens {
		soonest = min(soonest, m.counts[t][q.Name].reset.Sub(m.run.now()))
	}
	if left <= 0 || soonest >= left {
		return "", 0, 0, tap.Errorf(tap.Transient, "the rate limit of all tokens is reached for %s, and none begins anew within max_wait_time", q.Name)
	}
	return "", min(max(soonest, leastWait), left), 0, nil
}

func (m *MultiToken) next() { m.active = (m.active + 1) % len(m.tokens) }

// slowdown spreads the last calls over what is left of the time, once all tokens are below their reserve; mu is held.
func (m *MultiToken) slowdown(q *quota) time.Duration {
	total := int64(0)
	for _, t := range m.tokens {
		c := m.counts[t][q.Name]
		if !c.tracked || float64(c.left) > max(m.minReserve, float64(c.limit)*m.fraction) {
			return 0
		}
		total += max(c.left, 0)
	}
	remaining := m.counts[m.tokens[m.active]][q.Name].reset.Sub(m.run.now())
	if total <= 0 || remaining <= 0 {
		return 0
	}
	return min(remaining/time.Duration(total), mostSlowdown)
}

func (m *MultiToken) slow(ctx context.Context, q *quota, d time.Duration) error {
	if d < leastSlowdown {
		return nil
	}
	m.mu.Lock()
	told := m.quiet.slowed
	m.quiet.slowed = true
	m.mu.Unlock()
	if !told {
		m.run.log.Info("few calls are left, requests slow down", "quota", q.Name, "wait", d.String())
	}
	return m.run.client.Wait(ctx, m.run.stream, "few calls are left for "+q.Name, d)
}

// seed asks for the counts of all tokens: once in a run, and again where all are still used up for a quota after a wait.
func (m *MultiToken) seed(ctx context.Context, again bool, q *quota) error {
	if !again && m.seeded() {
		return nil
	}
	if err := m.seeding.take(ctx); err != nil {
		return err
	}
	defer m.seeding.free()
	if !again && m.seeded() || again && !m.allSpent(q) {
		return nil
	}
	counts := map[string]map[string]*count{}
	for _, token := range m.tokens {
		if counts[token] != nil {
			continue
		}
		var err error
		if counts[token], err = m.fetch(ctx, token); err != nil {
			return fmt.Errorf("quota status: %w", err)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts = counts
	m.quiet.slowed = false
	m.tellUntracked()
	return nil
}

func (m *MultiToken) seeded() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts != nil
}

func (m *MultiToken) allSpent(q *quota) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !slices.ContainsFunc(m.tokens, func(t string) bool { return !m.counts[t][q.Name].spent() })
}

// tellUntracked says once for how many tokens the API counts nothing; mu is held.
func (m *MultiToken) tellUntracked() {
	n := 0
	for _, quotas := range m.counts {
		for _, c := range quotas {
			if !c.tracked {
				n++
				break
			}
		}
	}
	if n > 0 && !m.quiet.untracked {
		m.quiet.untracked = true
		m.run.log.Info("the API says that it counts no calls: these tokens take turns and are never waited for", "tokens", n, "of", len(m.counts))
	}
}

// fetch asks for one token's counts.
func (m *MultiToken) fetch(ctx context.Context, token string) (map[string]*count, error) {
	o := &rest.Parts{Headers: m.status.headers.Clone()}
	o.Headers.Set(m.header, m.text(token))
	resp, err := m.ask.Send(ctx, m.status.address, o, nil)
	if err != nil {
		return nil, err
	}
	counts := map[string]*count{}
	if resp == nil {
		for _, q := range m.quotas {
			counts[q.Name] = &count{reset: m.run.now()}
		}
		return counts, nil
	}
	body, err := resp.Bytes()
	if err != nil {
		return nil, err
	}
	answer, err := value.DecodePython(body)
	if err != nil {
		return nil, tap.Errorf(tap.System, "the answer is no JSON")
	}
	for _, q := range m.quotas {
		if counts[q.Name], err = q.read(answer, m.run.now()); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// resetSkew is how far an answer's reset may lie before the one that is known and still be of the same window.
const resetSkew = time.Minute

// Observe corrects the count of the token that the request went out with by what the answer says.
func (m *MultiToken) Observe(signed *rest.Parts, a *rest.Answer) {
	s, ok := signed.Mark.(signature)
	if !ok || !s.quota.fromHeaders() {
		return
	}
	exhausted := slices.Contains(s.quota.Exhausted, int64(a.Status))
	left, knowsLeft := headerNumber(a.Header, s.quota.RemainingHeader)
	if !knowsLeft && exhausted {
		left, knowsLeft = 0, true
	}
	limit, knowsLimit := headerNumber(a.Header, s.quota.LimitHeader)
	reset, knowsReset := headerDate(a.Header, s.quota.ResetHeader, m.run.now())
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.counts[s.token][s.quota.Name]
	if c == nil || !c.tracked {
		return
	}
	if knowsLimit && limit > 0 && (!knowsReset || !reset.Before(c.reset)) {
		c.limit = limit
	}
	switch {
	case knowsReset && reset.After(c.reset): // another window
		c.reset = reset
		if c.left = c.limit; knowsLeft {
			c.left = left
		}
	case knowsLeft && (left <= 0 && exhausted || !knowsReset || !reset.Before(c.reset.Add(-resetSkew))):
		c.left = min(c.left, left) // answers come out of order, so a count only ever falls within a window
	}
}

// Spare reports whether the token that signed has no call left while another one has.
func (m *MultiToken) Spare(signed *rest.Parts) bool {
	s, ok := signed.Mark.(signature)
	if !ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	sender := m.counts[s.token][s.quota.Name]
	if sender == nil || !sender.spent() {
		return false
	}
	return slices.ContainsFunc(m.tokens, func(t string) bool { return t != s.token && m.counts[t][s.quota.Name].left > 0 })
}
