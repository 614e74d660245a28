package retriever

import "anytap/internal/manifest"

// AsyncTable lists the components of asynchronous retrieval.
func AsyncTable() manifest.Table {
	return manifest.Table{
		"AsyncJobStatusMap": {Build: manifest.As(buildStatusMap), Definition: func() any { return StatusMapDefinition{} }},
		"AsyncRetriever":    {Build: manifest.As(BuildAsync), Definition: func() any { return AsyncDefinition{} }},
	}
}
