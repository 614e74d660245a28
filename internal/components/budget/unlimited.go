package budget

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
)

// UnlimitedDefinition configures a policy without a limit, for requests that later policies would
// count.
//
//	type: UnlimitedCallRatePolicy
//	matchers: [{url_path_pattern: /status}]
type UnlimitedDefinition struct {
	Matchers []*manifest.Node `manifest:"matchers,required,of=HttpRequestRegexMatcher" doc:"The requests that it frees of later policies; without matchers, all."`
}

// BuildUnlimited builds an UnlimitedCallRatePolicy.
func BuildUnlimited(c *manifest.Compiler, n *manifest.Node) (exchange.Policy, error) {
	var def UnlimitedDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	matchers, err := matchersOf(c, def.Matchers)
	if err != nil {
		return nil, err
	}
	return exchange.Unlimited(matchers), nil
}
