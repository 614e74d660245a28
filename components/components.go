// Package components joins what a manifest may be made of: one table of component types, and the connector that a manifest becomes.
package components

import (
	"maps"

	"anytap/components/auth"
	"anytap/components/budget"
	"anytap/components/cursor"
	"anytap/components/decoder"
	"anytap/components/errorhandler"
	"anytap/components/file"
	"anytap/components/paginator"
	"anytap/components/partition"
	"anytap/components/properties"
	"anytap/components/requester"
	"anytap/components/resolver"
	"anytap/components/retriever"
	"anytap/components/schemaloader"
	"anytap/components/selector"
	"anytap/components/source"
	"anytap/components/spec"
	"anytap/components/stream"
	"anytap/components/transformation"
	"anytap/manifest"
)

// Table is every component type that is run here. Each kind lists its own, one line a type.
func Table() manifest.Table {
	all := manifest.Table{}
	for _, kind := range []manifest.Table{
		auth.Table(), budget.Table(), cursor.Table(), decoder.Table(), errorhandler.Table(), file.Table(), paginator.Table(),
		partition.Table(), properties.Table(), requester.Table(), resolver.Table(), retriever.Table(), retriever.AsyncTable(), schemaloader.Table(),
		selector.Table(), source.Table(), spec.Table(), stream.Table(), transformation.Table(),
	} {
		maps.Copy(all, kind)
	}
	return all
}
