package components

import (
	"maps"

	"anytap/internal/components/auth"
	"anytap/internal/components/budget"
	"anytap/internal/components/cursor"
	"anytap/internal/components/decoder"
	"anytap/internal/components/errorhandler"
	"anytap/internal/components/file"
	"anytap/internal/components/paginator"
	"anytap/internal/components/partition"
	"anytap/internal/components/properties"
	"anytap/internal/components/requester"
	"anytap/internal/components/resolver"
	"anytap/internal/components/retriever"
	"anytap/internal/components/schemaloader"
	"anytap/internal/components/selector"
	"anytap/internal/components/source"
	"anytap/internal/components/spec"
	"anytap/internal/components/stream"
	"anytap/internal/components/transformation"
	"anytap/internal/manifest"
)

// Table returns every component type that is run. Each kind lists its own, one line a type.
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
