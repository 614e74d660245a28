package budget

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
)

// UnlimitedDefinition are the fields of
//
//	type: UnlimitedCallRatePolicy
//	matchers: [{url_path_pattern: /status}]
type UnlimitedDefinition struct {
	Matchers []*manifest.Node `manifest:"matchers,required,of=HttpRequestRegexMatcher" doc:"Whose calls are not held back, whatever later policies say; all if there is none."`
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
