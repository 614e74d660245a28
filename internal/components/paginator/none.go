package paginator

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/paging"
)

// NoneDefinition configures a paginator for slices of one page.
//
//	type: NoPagination
type NoneDefinition struct{}

// BuildNone builds a NoPagination.
func BuildNone(c *manifest.Compiler, n *manifest.Node) (paging.OnePage, error) {
	var def NoneDefinition
	return paging.OnePage{}, manifest.Decode(c, n, &def)
}
