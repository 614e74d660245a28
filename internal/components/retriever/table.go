package retriever

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"PageSizeReduction":      {Build: manifest.As(buildReduction), Definition: func() any { return ReductionDefinition{} }},
		"PaginationReset":        {Build: manifest.As(buildReset), Definition: func() any { return ResetDefinition{} }},
		"PaginationResetLimits":  {Build: manifest.As(buildLimits), Definition: func() any { return LimitsDefinition{} }},
		"RequestWindowSplitting": {Build: manifest.As(buildSplitting), Definition: func() any { return SplittingDefinition{} }},
		"SimpleRetriever":        {Build: manifest.As(BuildSimple), Definition: func() any { return SimpleDefinition{} }},
	}
}
