package budget

import (
	"cmp"

	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
)

// Definition configures the call rates of a manifest.
//
//	type: HTTPAPIBudget
//	policies: [{type: MovingWindowCallRatePolicy, rates: [{limit: 100, interval: PT1M}], matchers: []}]
//	ratelimit_remaining_header: x-ratelimit-remaining
//	ratelimit_reset_header: x-ratelimit-reset
//	status_codes_for_ratelimit_hit: [429]
type Definition struct {
	Policies  []*manifest.Node `manifest:"policies,required,of=FixedWindowCallRatePolicy|MovingWindowCallRatePolicy|UnlimitedCallRatePolicy" doc:"The policies. A request is counted by the first that matches it."`
	Reset     string           `manifest:"ratelimit_reset_header,default=ratelimit-reset" doc:"The header that says, in Unix seconds, when the count is reset."`
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
	b := &exchange.Budget{
		Policies:        policies,
		RemainingHeader: cmp.Or(def.Remaining, "ratelimit-remaining"),
		ResetHeader:     cmp.Or(def.Reset, "ratelimit-reset"),
		LimitStatuses:   def.Statuses,
	}
	if len(b.LimitStatuses) == 0 {
		b.LimitStatuses = []int{429}
	}
	return b, nil
}
