package budget

import (
	"fmt"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/number"
	"anytap/internal/python/pyre"
	"anytap/internal/rest/exchange"
	"anytap/internal/value"
)

// MatcherDefinition configures which requests a policy or a quota counts. It has no type in a
// manifest.
//
//	method: GET
//	url_base: "https://api.example.com"
//	url_path_pattern: "/v1/.*"
//	params: {expand: all}
//	headers: {X-Mode: bulk}
//	weight: 2
type MatcherDefinition struct {
	_       struct{}    `manifest:",untyped"`
	Method  string      `manifest:"method" doc:"The HTTP method."`
	Base    string      `manifest:"url_base" doc:"Scheme and host."`
	Path    string      `manifest:"url_path_pattern" doc:"A regular expression to find in the path."`
	Params  *value.Dict `manifest:"params" doc:"Query parameters of the request."`
	Headers *value.Dict `manifest:"headers" doc:"Headers of the request."`
	Weight  any         `manifest:"weight,is=integer|string" doc:"How many calls the request counts as; 1 if not given."`
}

// BuildMatcher builds a HttpRequestRegexMatcher.
func BuildMatcher(c *manifest.Compiler, n *manifest.Node) (*exchange.Matcher, error) {
	var def MatcherDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	m := &exchange.Matcher{Method: strings.ToUpper(def.Method), Base: strings.TrimRight(def.Base, "/")}
	if def.Path != "" {
		pattern, err := pyre.Compile(def.Path)
		if err != nil {
			return nil, n.Problem("url_path_pattern: %v", err)
		}
		m.Path = pattern.Found
	}
	m.Params = texts(def.Params, func(name string) string { return name })
	m.Headers = texts(def.Headers, strings.ToLower)
	if def.Weight == nil {
		return m, nil
	}
	weight, err := whole(c, def.Weight)
	if err == nil && weight < 1 {
		err = fmt.Errorf("%d is less than 1", weight)
	}
	if err != nil {
		return nil, n.Problem("weight: %v", err)
	}
	m.Weight = weight
	return m, nil
}

// texts are the members of d as text, by their names.
func texts(d *value.Dict, name func(string) string) map[string]string {
	if d == nil {
		return nil
	}
	all := make(map[string]string, d.Len())
	for k, v := range d.All() {
		all[name(k)] = value.Str(v)
	}
	return all
}

// whole reads a whole number, or a template of one that sees the configuration.
func whole(c *manifest.Compiler, v any) (int, error) {
	if text, ok := v.(string); ok {
		t, err := jinja.CompileString(text, nil)
		if t == nil {
			return 0, err
		}
		if v, err = t.Eval(c.ConfigEnv()); err != nil {
			return 0, err
		}
	}
	n, err := number.Int64(v)
	if err != nil {
		return 0, fmt.Errorf("%s is no whole number", value.Repr(v))
	}
	return int(n), nil
}

// matchersOf builds a policy's matchers.
func matchersOf(c *manifest.Compiler, nodes []*manifest.Node) ([]*exchange.Matcher, error) {
	matchers := make([]*exchange.Matcher, 0, len(nodes))
	for _, n := range nodes {
		m, err := manifest.BuildAs[*exchange.Matcher](c, n, "HttpRequestRegexMatcher")
		if err != nil {
			return nil, err
		}
		matchers = append(matchers, m)
	}
	return matchers, nil
}
