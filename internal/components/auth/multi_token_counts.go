package auth

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// The limits of waits.
const (
	mostSlowdown  = 10 * time.Second
	leastWait     = 5 * time.Second // so that the counts are not asked for again and again after a reset in the past
	leastSlowdown = 100 * time.Millisecond
)

// acquire takes a call of a quota from some token, and waits where none has one left.
func (m *MultiToken) acquire(ctx context.Context, q *quota) (string, error) {
	var deadline time.Time
	for {
		token, wait, slowdown, err := m.take(q, &deadline)
		switch {
		case err != nil:
			return "", err
		case wait > 0:
			if err := m.run.client.Wait(ctx, m.run.stream, "all tokens are used up for "+q.name, wait); err != nil {
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

// take takes a call from the token in use and returns the token, with how long to slow down. Where
// another token has a call left it goes on to the next, and returns neither a token nor a wait.
// Where no token has one left it returns the wait.
func (m *MultiToken) take(q *quota, deadline *time.Time) (token string, wait, slowdown time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token = m.tokens[m.active]
	c := m.counts[token][q.name]
	switch {
	case !c.tracked: // the tokens take turns
		m.next()
		return token, 0, 0, nil
	case c.left > 0:
		c.left--
		return token, 0, m.slowdown(q), nil
	case slices.ContainsFunc(m.tokens, func(t string) bool { return !m.counts[t][q.name].spent() }):
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
		soonest = min(soonest, m.counts[t][q.name].reset.Sub(m.run.now()))
	}
	if left <= 0 || soonest >= left {
		return "", 0, 0, tap.Errorf(tap.Transient, "the rate limit of all tokens is reached for %s, and none begins anew within max_wait_time", q.name)
	}
	return "", min(max(soonest, leastWait), left), 0, nil
}

// next goes on to the next token; mu is held.
func (m *MultiToken) next() { m.active = (m.active + 1) % len(m.tokens) }

// slowdown spreads the last calls over the time until the reset, once all tokens are below their
// reserve; mu is held.
func (m *MultiToken) slowdown(q *quota) time.Duration {
	total := int64(0)
	for _, t := range m.tokens {
		c := m.counts[t][q.name]
		if !c.tracked || float64(c.left) > max(m.minReserve, float64(c.limit)*m.fraction) {
			return 0
		}
		total += max(c.left, 0)
	}
	remaining := m.counts[m.tokens[m.active]][q.name].reset.Sub(m.run.now())
	if total <= 0 || remaining <= 0 {
		return 0
	}
	return min(remaining/time.Duration(total), mostSlowdown)
}

// slow waits for a slowdown.
func (m *MultiToken) slow(ctx context.Context, q *quota, d time.Duration) error {
	if d < leastSlowdown {
		return nil
	}
	m.mu.Lock()
	told := m.logged.slowed
	m.logged.slowed = true
	m.mu.Unlock()
	if !told {
		m.run.log.Info("few calls are left, requests slow down", "quota", q.name, "wait", d.String())
	}
	return m.run.client.Wait(ctx, m.run.stream, "few calls are left for "+q.name, d)
}

// seed asks for the counts of all tokens once in a run; with again, also where no token has a call
// of the quota left.
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
	m.logged.slowed = false
	m.tellUntracked()
	return nil
}

// seeded reports whether the counts are known.
func (m *MultiToken) seeded() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts != nil
}

// allSpent reports whether no token has a call of the quota left.
func (m *MultiToken) allSpent(q *quota) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !slices.ContainsFunc(m.tokens, func(t string) bool { return !m.counts[t][q.name].spent() })
}

// tellUntracked logs once for how many tokens the API counts nothing; mu is held.
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
	if n > 0 && !m.logged.untracked {
		m.logged.untracked = true
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
			counts[q.name] = &count{reset: m.run.now()}
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
		if counts[q.name], err = q.read(answer, m.run.now()); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// resetSkew is how much earlier than the known reset that of an answer may be and still belong to
// the same window.
const resetSkew = time.Minute

// observe corrects the count of the token that a request carried by what the answer says.
func (m *MultiToken) observe(signed *rest.Parts, a *rest.Answer) {
	s, ok := signed.Mark.(signature)
	if !ok || !s.quota.fromHeaders() {
		return
	}
	exhausted := slices.Contains(s.quota.exhausted, int64(a.Status))
	left, knowsLeft := headerNumber(a.Header, s.quota.remainingHeader)
	if !knowsLeft && exhausted {
		left, knowsLeft = 0, true
	}
	limit, knowsLimit := headerNumber(a.Header, s.quota.limitHeader)
	reset, knowsReset := headerDate(a.Header, s.quota.resetHeader, m.run.now())
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.counts[s.token][s.quota.name]
	if c == nil || !c.tracked {
		return
	}
	if knowsLimit && limit > 0 && (!knowsReset || !reset.Before(c.reset)) {
		c.limit = limit
	}
	switch {
	case knowsReset && reset.After(c.reset): // a new window
		c.reset = reset
		if c.left = c.limit; knowsLeft {
			c.left = left
		}
	case knowsLeft && (left <= 0 && exhausted || !knowsReset || !reset.Before(c.reset.Add(-resetSkew))):
		c.left = min(c.left, left) // answers come out of order, so a count only falls within a window
	}
}

// spare reports whether the token of a request has no call left while another token has one.
func (m *MultiToken) spare(signed *rest.Parts) bool {
	s, ok := signed.Mark.(signature)
	if !ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	sender := m.counts[s.token][s.quota.name]
	if sender == nil || !sender.spent() {
		return false
	}
	return slices.ContainsFunc(m.tokens, func(t string) bool { return t != s.token && m.counts[t][s.quota.name].left > 0 })
}
