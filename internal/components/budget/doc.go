// Package budget limits how often an API is called: the API budget of a manifest, its call rate
// policies, and the matchers that say which requests a policy counts.
package budget

import "anytap/internal/manifest"

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
