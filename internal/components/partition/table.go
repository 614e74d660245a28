package partition

import "anytap/internal/manifest"

// Product is the name in the table of a list of routers, for which the component schema has no name.
const Product = "CartesianProduct"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		Product:                    {Build: manifest.As(BuildProduct)},
		"GroupingPartitionRouter":  {Build: manifest.As(BuildGrouping), Definition: func() any { return GroupingDefinition{} }},
		"ListPartitionRouter":      {Build: manifest.As(BuildList), Definition: func() any { return ListDefinition{} }},
		"ParentStreamConfig":       {Build: manifest.As(BuildParent), Definition: func() any { return ParentDefinition{} }},
		"SubstreamPartitionRouter": {Build: manifest.As(BuildSubstream), Definition: func() any { return SubstreamDefinition{} }},
		"UnionPartitionRouter":     {Build: manifest.As(BuildUnion), Definition: func() any { return UnionDefinition{} }},
	}
}
