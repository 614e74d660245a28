package budget

import (
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
)

// MovingDefinition configures a policy that limits the calls in any span of time.
//
//	type: MovingWindowCallRatePolicy
//	rates: [{limit: 10, interval: PT1S}, {limit: 100, interval: PT1M}]
//	matchers: []
type MovingDefinition struct {
	Rates    []*manifest.Node `manifest:"rates,required,of=Rate" doc:"The rates. Each holds in any span of its length."`
	Matchers []*manifest.Node `manifest:"matchers,required,of=HttpRequestRegexMatcher" doc:"The requests that it counts; without matchers, all."`
}

// BuildMoving builds a MovingWindowCallRatePolicy.
func BuildMoving(c *manifest.Compiler, n *manifest.Node) (exchange.Policy, error) {
	var def MovingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Rates) == 0 {
		return nil, n.Problem("rates is empty, expected at least one rate")
	}
	rates := make([]rest.Rate, 0, len(def.Rates))
	for _, r := range def.Rates {
		rate, err := manifest.BuildAs[rest.Rate](c, r, "Rate")
		if err != nil {
			return nil, err
		}
		rates = append(rates, rate)
	}
	matchers, err := matchersOf(c, def.Matchers)
	if err != nil {
		return nil, err
	}
	return exchange.MovingWindow(rates, matchers), nil
}
