// Package budget compiles a manifest's call rates: the API budget, its policies, and what tells whose they are.
package budget

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
)

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"FixedWindowCallRatePolicy":  {Build: manifest.As(BuildFixed), Definition: func() any { return FixedDefinition{} }},
		"HTTPAPIBudget":              {Build: manifest.As(BuildBudget), Definition: func() any { return Definition{} }},
		"HttpRequestRegexMatcher":    {Build: manifest.As(BuildMatcher), Definition: func() any { return MatcherDefinition{} }},
		"MovingWindowCallRatePolicy": {Build: manifest.As(BuildMoving), Definition: func() any { return MovingDefinition{} }},
		"Rate":                       {Build: manifest.As(BuildRate), Definition: func() any { return RateDefinition{} }},
		"UnlimitedCallRatePolicy":    {Build: manifest.As(BuildUnlimited), Definition: func() any { return UnlimitedDefinition{} }},
	}
}

// Definition are the fields of
//
//	type: HTTPAPIBudget
//	policies: [{type: MovingWindowCallRatePolicy, rates: [{limit: 100, interval: PT1M}], matchers: []}]
//	ratelimit_remaining_header: x-ratelimit-remaining
//	ratelimit_reset_header: x-ratelimit-reset
//	status_codes_for_ratelimit_hit: [429]
type Definition struct {
	Policies  []*manifest.Node `manifest:"policies,required,of=FixedWindowCallRatePolicy|MovingWindowCallRatePolicy|UnlimitedCallRatePolicy" doc:"A request belongs to the first that matches it."`
	Reset     string           `manifest:"ratelimit_reset_header,default=ratelimit-reset" doc:"The header that says, in Unix seconds, when the count starts anew."`
	Remaining string           `manifest:"ratelimit_remaining_header,default=ratelimit-remaining" doc:"The header that says how many calls are left."`
	Statuses  []int            `manifest:"status_codes_for_ratelimit_hit" doc:"Statuses that mean that no call is left; 429 if not given."`
}

// BuildBudget builds a HTTPAPIBudget.
func BuildBudget(c *manifest.Compiler, n *manifest.Node) (*exchange.Budget, error) {
	var def Definition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	policies, err := manifest.BuildAll[exchange.Policy](c, def.Policies)
	if err != nil {
		return nil, err
	}
	b := &exchange.Budget{Policies: policies, RemainingHeader: def.Remaining, ResetHeader: def.Reset, LimitStatuses: def.Statuses}
	if b.RemainingHeader == "" {
		b.RemainingHeader = "ratelimit-remaining"
	}
	if b.ResetHeader == "" {
		b.ResetHeader = "ratelimit-reset"
	}
	if len(b.LimitStatuses) == 0 {
		b.LimitStatuses = []int{429}
	}
	return b, nil
}
