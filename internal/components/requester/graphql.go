package requester

import "anytap/internal/manifest"

// GraphQLDefinition configures a body that is a GraphQL query.
//
//	type: RequestBodyGraphQL
//	value: {query: "query { items { id } }"}
type GraphQLDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=object" doc:"The body: query, and whatever the API takes besides."`
}

// GraphQLQueryDefinition configures the value of a RequestBodyGraphQL. It has no type in a
// manifest.
//
//	query: "query { items { id } }"
type GraphQLQueryDefinition struct {
	_     struct{} `manifest:",untyped"`
	Query string   `manifest:"query,required" doc:"The GraphQL query."`
}

func buildGraphQL(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def GraphQLDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	if _, ok := def.Value.Get("query").Text(); !ok {
		return content{}, def.Value.Problem("query is missing, expected a GraphQL query")
	}
	json, err := newJSONInput(c, def.Value)
	return content{json: json}, err
}
