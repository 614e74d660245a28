// Package paginator compiles paginators: how the next page is found, and how it is asked for.
package paginator

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"CursorPagination": {Build: manifest.As(BuildCursor), Definition: func() any { return CursorDefinition{} }},
		"DefaultPaginator": {Build: manifest.As(BuildDefault), Definition: func() any { return DefaultDefinition{} }},
		"NoPagination":     {Build: manifest.As(BuildNone), Definition: func() any { return NoneDefinition{} }},
		"OffsetIncrement":  {Build: manifest.As(BuildOffset), Definition: func() any { return OffsetDefinition{} }},
		"PageIncrement":    {Build: manifest.As(BuildPage), Definition: func() any { return PageDefinition{} }},
		"RequestPath":      {Build: manifest.As(BuildRequestPath), Definition: func() any { return RequestPathDefinition{} }},
	}
}
