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

// QuotaDefinition configures a count of calls that an API keeps for each token, and how to read it.
//
//	type: TokenQuota
//	name: core
//	remaining_path: [resources, core, remaining]
//	reset_path: [resources, core, reset]
//	matchers: [{url_path_pattern: "^/repos"}]
type QuotaDefinition struct {
	Name            string           `manifest:"name,required" doc:"The quota's name."`
	RemainingPath   []string         `manifest:"remaining_path,required" doc:"Where the status says how many calls are left."`
	ResetPath       []string         `manifest:"reset_path,required" doc:"Where it says when the count is reset."`
	LimitPath       []string         `manifest:"limit_path" doc:"Where it says how many calls are allowed; by default, as many as are left at first."`
	Matchers        []*manifest.Node `manifest:"matchers,of=HttpRequestRegexMatcher" doc:"The requests that it counts; without matchers, those of no other quota."`
	RemainingHeader string           `manifest:"remaining_header" doc:"The header of each answer that says how many calls are left."`
	ResetHeader     string           `manifest:"reset_header" doc:"The header that says when the count is reset."`
	LimitHeader     string           `manifest:"limit_header" doc:"The header that says how many calls are allowed."`
	Exhausted       []int64          `manifest:"exhaustion_status_codes" doc:"Statuses that mean that no call is left."`
}

// buildQuota builds a TokenQuota.
func buildQuota(c *manifest.Compiler, n *manifest.Node) (*quota, error) {
	var def QuotaDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	q := &quota{
		name: def.Name, remainingPath: def.RemainingPath, resetPath: def.ResetPath, limitPath: def.LimitPath,
		remainingHeader: def.RemainingHeader, resetHeader: def.ResetHeader, limitHeader: def.LimitHeader, exhausted: def.Exhausted,
	}
	for _, m := range def.Matchers {
		matcher, err := manifest.BuildAs[*exchange.Matcher](c, m, "HttpRequestRegexMatcher")
		if err != nil {
			return nil, err
		}
		q.matchers = append(q.matchers, matcher)
	}
	return q, nil
}

// quota is a number of calls that an API allows each token.
type quota struct {
	name                                      string
	matchers                                  []*exchange.Matcher // requests that it counts; none: those of no other quota
	remainingPath, resetPath, limitPath       []string            // in the status
	remainingHeader, resetHeader, limitHeader string              // of each answer; empty: there is none
	exhausted                                 []int64             // statuses that mean that no call is left
}

// fromHeaders reports whether the answers to requests say what is left.
func (q *quota) fromHeaders() bool {
	return q.remainingHeader != "" || q.resetHeader != "" || q.limitHeader != "" || len(q.exhausted) > 0
}

// count is what one token has left of one quota.
type count struct {
	left, limit int64 // calls
	reset       time.Time
	tracked     bool // false: the API counts nothing
}

func (c *count) spent() bool { return c.tracked && c.left <= 0 }

// read reads a count from a status; now completes a date that is not whole.
func (q *quota) read(answer any, now time.Time) (*count, error) {
	at := func(path []string) (any, error) {
		v := answer
		for _, key := range path {
			d, _ := v.(*value.Dict)
			if d == nil {
				return nil, tap.Errorf(tap.System, "the answer has nothing at %q for %s", path, q.name)
			}
			var ok bool
			if v, ok = d.Get(key); !ok {
				return nil, tap.Errorf(tap.System, "the answer has nothing at %q for %s", path, q.name)
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
			return 0, tap.Errorf(tap.System, "the answer has %s at %q for %s, expected a whole number", value.Repr(v), path, q.name)
		}
		return n, nil
	}
	c := &count{tracked: true}
	var err error
	if c.left, err = number(q.remainingPath); err != nil {
		return nil, err
	}
	reset, err := at(q.resetPath)
	if err != nil {
		return nil, err
	}
	if c.reset, err = parseDate(reset, now); err != nil {
		return nil, tap.Errorf(tap.System, "the answer's %q for %s: %w", q.resetPath, q.name, err)
	}
	c.limit = c.left
	if len(q.limitPath) > 0 {
		c.limit, err = number(q.limitPath)
	}
	return c, err
}

// headerNumber is the whole number in a header; false: there is none.
func headerNumber(h http.Header, name string) (int64, bool) {
	if name == "" || h.Get(name) == "" {
		return 0, false
	}
	n, err := number.Int64(h.Get(name))
	return n, err == nil
}

// headerDate is the date in a header; false: there is none.
func headerDate(h http.Header, name string, now time.Time) (time.Time, bool) {
	if name == "" || h.Get(name) == "" {
		return time.Time{}, false
	}
	t, err := parseDate(h.Get(name), now)
	return t, err == nil
}
