// Package requester makes the requests of a stream.
//
// An HttpRequester evaluates the address, parameters, headers and body of a manifest for each page
// and sends the request. A RequestOption says where a value of another component goes in a request:
// a page token, a key, a date.
package requester

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"ExactJsonBody":             {Build: manifest.As(buildExactJSON), Definition: func() any { return ExactJSONDefinition{} }, Like: "RequestBodyJsonObject"},
		"HttpRequester":             {Build: manifest.As(BuildHTTP), Definition: func() any { return HTTPDefinition{} }},
		"RequestBodyGraphQL":        {Build: manifest.As(buildGraphQL), Definition: func() any { return GraphQLDefinition{} }},
		"RequestBodyGraphQlQuery":   {Definition: func() any { return GraphQLQueryDefinition{} }},
		"RequestBodyJsonObject":     {Build: manifest.As(buildJSONObject), Definition: func() any { return JSONObjectDefinition{} }},
		"RequestBodyPlainText":      {Build: manifest.As(buildPlainText), Definition: func() any { return PlainTextDefinition{} }},
		"RequestBodyUrlEncodedForm": {Build: manifest.As(buildForm), Definition: func() any { return FormDefinition{} }},
		"RequestOption":             {Build: manifest.As(BuildOption), Definition: func() any { return OptionDefinition{} }},
	}
}
