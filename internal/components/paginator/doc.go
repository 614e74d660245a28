// Package paginator finds the next page of a slice and asks for it.
//
// A DefaultPaginator has a pagination strategy, which makes the token of the next page from an
// answer, and options that say where token and page size go in a request. Neither holds state: all
// slices share them.
package paginator

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"AutoPaginator":    {Build: manifest.As(BuildAuto), Definition: func() any { return AutoDefinition{} }, Like: "DefaultPaginator"},
		"CursorPagination": {Build: manifest.As(BuildCursor), Definition: func() any { return CursorDefinition{} }},
		"DefaultPaginator": {Build: manifest.As(BuildDefault), Definition: func() any { return DefaultDefinition{} }},
		"NextAddress":      {Build: manifest.As(BuildNextAddress), Definition: func() any { return NextAddressDefinition{} }, Like: "RequestPath"},
		"NoPagination":     {Build: manifest.As(BuildNone), Definition: func() any { return NoneDefinition{} }},
		"OffsetIncrement":  {Build: manifest.As(BuildOffset), Definition: func() any { return OffsetDefinition{} }},
		"PageIncrement":    {Build: manifest.As(BuildPage), Definition: func() any { return PageDefinition{} }},
		"TokenMembers":     {Build: manifest.As(BuildTokenMembers), Definition: func() any { return TokenMembersDefinition{} }, Like: "RequestPath"},
		"RequestPath":      {Build: manifest.As(BuildRequestPath), Definition: func() any { return RequestPathDefinition{} }},
	}
}
