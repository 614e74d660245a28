package budget

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
)

// FixedDefinition configures a policy that limits the calls in windows of a fixed length.
//
//	type: FixedWindowCallRatePolicy
//	period: PT1H
//	call_limit: 1000
//	matchers: []
type FixedDefinition struct {
	Period   string           `manifest:"period,required" doc:"The length of a window, as an ISO 8601 duration."`
	Limit    int              `manifest:"call_limit,required" doc:"Calls in a window. A window begins with the first call, unless the API says when it ends."`
	Matchers []*manifest.Node `manifest:"matchers,required,of=HttpRequestRegexMatcher" doc:"The requests that it counts; without matchers, all."`
}

// BuildFixed builds a FixedWindowCallRatePolicy.
func BuildFixed(c *manifest.Compiler, n *manifest.Node) (exchange.Policy, error) {
	var def FixedDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	period, err := parseDuration(def.Period)
	if err != nil {
		return nil, n.Problem("period: %v", err)
	}
	matchers, err := matchersOf(c, def.Matchers)
	if err != nil {
		return nil, err
	}
	return exchange.FixedWindow(def.Limit, period, matchers), nil
}
