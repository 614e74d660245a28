package errorhandler

import (
	"fmt"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/python/pyre"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// headerValue reads a number from a header, or from what a regular expression matches at the
// header's beginning.
type headerValue struct {
	name, regex *jinja.String // regex nil: the whole header
	env         *jinja.Env
	// pattern is the compiled regex, where that is no template.
	pattern *pyre.Pattern
}

func newHeaderValue(c *manifest.Compiler, n *manifest.Node, name, regex *jinja.String) (*headerValue, error) {
	h := &headerValue{name: name, regex: regex.Given(), env: c.ConfigEnv()}
	if h.regex == nil {
		return h, nil
	}
	if v, ok := regex.Const(); ok {
		pattern, err := pyre.Compile(value.Str(v))
		if err != nil {
			if c.Strict {
				return nil, n.Problem("regex: %v", err)
			}
			return h, nil // it fails at its first use, as in the reference runtime
		}
		h.pattern = pattern
	}
	return h, nil
}

// read returns the number in an answer's header; ok is false where there is none.
func (h *headerValue) read(a *rest.Answer) (f float64, ok bool, err error) {
	name, err := h.name.Text(h.env)
	if err != nil {
		return 0, false, fmt.Errorf("header: %w", err)
	}
	pattern := h.pattern
	if pattern == nil && h.regex != nil {
		text, err := h.regex.Text(h.env)
		if err == nil {
			pattern, err = pyre.Compile(text)
		}
		if err != nil {
			return 0, false, fmt.Errorf("regex: %w", err)
		}
	}
	if a.Err != nil {
		return 0, false, nil
	}
	text := strings.Join(a.Header.Values(name), ", ")
	if pattern != nil {
		found, err := pattern.Match(text)
		if err != nil {
			return 0, false, fmt.Errorf("regex: %w", err)
		}
		if found != nil {
			text, _ = found.Group(0)
		}
	}
	f, ok = number.TextFloat(text)
	return f, ok, nil
}
