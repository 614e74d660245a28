// Package properties compiles query properties: which fields of records are asked for, and in how many requests.
package properties

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"GroupByKeyMergeStrategy":    {Build: manifest.As(BuildGroupByKey), Definition: func() any { return GroupByKeyDefinition{} }},
		"JsonSchemaPropertySelector": {Build: manifest.As(BuildJSONSchema), Definition: func() any { return JSONSchemaDefinition{} }},
		"PropertiesFromEndpoint":     {Build: manifest.As(BuildEndpoint), Definition: func() any { return EndpointDefinition{} }},
		"PropertyChunking":           {Build: manifest.As(BuildChunking), Definition: func() any { return ChunkingDefinition{} }},
		"QueryProperties":            {Build: manifest.As(BuildQuery), Definition: func() any { return QueryDefinition{} }},
	}
}
