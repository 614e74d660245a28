package paginator

import "anytap/internal/manifest"

// RequestPathDefinition configures, as the page_token_option of a DefaultPaginator, that the token
// is the address of the page.
//
//	type: RequestPath
type RequestPathDefinition struct{}

// BuildRequestPath builds a RequestPath.
func BuildRequestPath(c *manifest.Compiler, n *manifest.Node) (RequestPath, error) {
	var def RequestPathDefinition
	return RequestPath{}, manifest.Decode(c, n, &def)
}

// RequestPath says that the token is the address of the page.
type RequestPath struct{}
