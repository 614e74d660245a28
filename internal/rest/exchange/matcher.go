package exchange

import (
	"net/http"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/rest/wire"
)

// Matcher tells which requests a policy is for. Zero fields match everything.
type Matcher struct {
	Method string // upper case
	// Base is scheme and host, without a slash at the end.
	Base string
	// Path is searched for in the path, which has no slash at its end.
	Path func(string) (bool, error)
	// Params must be among the query's parameters, Headers (names in lower case) among the headers.
	Params, Headers map[string]string
	// Weight is how many calls such a request counts as; 0: one.
	Weight int
}

// Matches reports whether a request is one of those.
func (m *Matcher) Matches(r *rest.Request) bool {
	u := r.URL
	if m.Method != "" && m.Method != r.Method || m.Base != "" && m.Base != u.Scheme+"://"+u.Host {
		return false
	}
	if m.Path != nil {
		if ok, err := m.Path(strings.TrimRight(u.EscapedPath(), "/")); err != nil || !ok {
			return false
		}
	}
	if len(m.Params) > 0 {
		have := map[string]string{}
		for item := range strings.SplitSeq(u.RawQuery, "&") {
			if name, v, _ := strings.Cut(item, "="); v != "" {
				have[wire.UnquotePlus(name)] = wire.UnquotePlus(v)
			}
		}
		for name, v := range m.Params {
			if got, ok := have[name]; !ok || got != v {
				return false
			}
		}
	}
	for name, v := range m.Headers {
		if got, ok := r.Header[http.CanonicalHeaderKey(name)]; !ok || strings.Join(got, ", ") != v {
			return false
		}
	}
	return true
}

// matchers is what all policies have; none match every request.
type matchers []*Matcher

func (all matchers) matches(r *rest.Request) (weight int, ok bool) {
	for _, m := range all {
		if m.Matches(r) {
			return max(m.Weight, 1), true
		}
	}
	return 1, len(all) == 0
}
