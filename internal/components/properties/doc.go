// Package properties compiles query properties. It answers the question: which fields of the
// records are asked for, and in how many requests?
//
// Its components are QueryProperties, PropertiesFromEndpoint, PropertyChunking with
// GroupByKeyMergeStrategy, and JsonSchemaPropertySelector.
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
