package auth

import (
	"net/http"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// QuotaDefinition are the fields of
//
//	type: TokenQuota
//	name: core
//	remaining_path: [resources, core, remaining]
//	reset_path: [resources, core, reset]
//	matchers: [{url_path_pattern: "^/repos"}]
type QuotaDefinition struct {
	Name            string           `manifest:"name,required" doc:"The quota's name."`
	RemainingPath   []string         `manifest:"remaining_path,required" doc:"Where the status says how many calls are left."`
	ResetPath       []string         `manifest:"reset_path,required" doc:"Where it says when the count begins anew."`
	LimitPath       []string         `manifest:"limit_path" doc:"Where it says how many calls there are; what is left at first by default."`
	Matchers        []*manifest.Node `manifest:"matchers,of=HttpRequestRegexMatcher" doc:"The requests that it is for; without any, those of no other quota."`
	RemainingHeader string           `manifest:"remaining_header" doc:"The header of each answer that says how many calls are left."`
	ResetHeader     string           `manifest:"reset_header" doc:"The header that says when the count begins anew."`
	LimitHeader     string           `manifest:"limit_header" doc:"The header that says how many calls there are."`
	Exhausted       []int64          `manifest:"exhaustion_status_codes" doc:"Statuses that mean that no call is left."`
}

// buildQuota builds a TokenQuota.
func buildQuota(c *manifest.Compiler, n *manifest.Node) (*quota, error) {
	q := &quota{}
	if err := manifest.Decode(c, n, &q.QuotaDefinition); err != nil {
		return nil, err
	}
	for _, m := range q.Matchers {
		matcher, err := manifest.BuildAs[*exchange.Matcher](c, m, "HttpRequestRegexMatcher")
		if err != nil {
			return nil, err
		}
		q.matchers = append(q.matchers, matcher)
	}
	return q, nil
}

// quota is a count of calls that each token has.
type quota struct {
	QuotaDefinition
	matchers []*exchange.Matcher
}

// fromHeaders says that answers tell what is left.
func (q *quota) fromHeaders() bool {
	return q.RemainingHeader != "" || q.ResetHeader != "" || q.LimitHeader != "" || len(q.Exhausted) > 0
}

// count is what a token may still be used for.
type count struct {
	left, limit int64
	reset       time.Time
	tracked     bool // the API counts at all
}

func (c *count) spent() bool { return c.tracked && c.left <= 0 }

// read takes a quota's numbers out of a status.
func (q *quota) read(answer any, now time.Time) (*count, error) {
	at := func(path []string) (any, error) {
		v := answer
		for _, key := range path {
			d, _ := v.(*value.Dict)
			if d == nil {
				return nil, tap.Errorf(tap.System, "the answer has nothing at %q for %s", path, q.Name)
			}
			var ok bool
			if v, ok = d.Get(key); !ok {
				return nil, tap.Errorf(tap.System, "the answer has nothing at %q for %s", path, q.Name)
			}
		}
		return v, nil
	}
	number := func(path []string) (int64, error) {
		v, err := at(path)
		if err != nil {
			return 0, err
		}
		n, err := number.Int64(v)
		if err != nil {
			return 0, tap.Errorf(tap.System, "the answer has %s at %q for %s, expected a whole number", value.Repr(v), path, q.Name)
		}
		return n, nil
	}
	c := &count{tracked: true}
	var err error
	if c.left, err = number(q.RemainingPath); err != nil {
		return nil, err
	}
	reset, err := at(q.ResetPath)
	if err != nil {
		return nil, err
	}
	if c.reset, err = parseDate(reset, now); err != nil {
		return nil, tap.Errorf(tap.System, "the answer's %q for %s: %w", q.ResetPath, q.Name, err)
	}
	c.limit = c.left
	if len(q.LimitPath) > 0 {
		c.limit, err = number(q.LimitPath)
	}
	return c, err
}

func headerNumber(h http.Header, name string) (int64, bool) {
	if name == "" || h.Get(name) == "" {
		return 0, false
	}
	n, err := number.Int64(h.Get(name))
	return n, err == nil
}

func headerDate(h http.Header, name string, now time.Time) (time.Time, bool) {
	if name == "" || h.Get(name) == "" {
		return time.Time{}, false
	}
	t, err := parseDate(h.Get(name), now)
	return t, err == nil
}
