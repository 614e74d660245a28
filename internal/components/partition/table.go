package partition

import (
	"anytap/internal/components/contract"
	"anytap/internal/manifest"
)

// router is what this package builds: a PartitionRouter that can stand in another one.
type router interface {
	contract.PartitionRouter
	// fields are the names of the partitions' fields; nil: they are not known before a read.
	fields() ([]string, error)
}

// Product is the name in the table of a list of routers, for which the component schema has no
// name.
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
