// Package requester compiles what makes requests: the HTTP requester, its request bodies, and the options that say where other components'
// values go.
package requester

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"HttpRequester":             {Build: manifest.As(BuildHTTP), Definition: func() any { return HTTPDefinition{} }},
		"RequestBodyGraphQL":        {Build: manifest.As(buildGraphQL), Definition: func() any { return GraphQLDefinition{} }},
		"RequestBodyGraphQlQuery":   {Definition: func() any { return GraphQLQueryDefinition{} }},
		"RequestBodyJsonObject":     {Build: manifest.As(buildJSONObject), Definition: func() any { return JSONObjectDefinition{} }},
		"RequestBodyPlainText":      {Build: manifest.As(buildPlainText), Definition: func() any { return PlainTextDefinition{} }},
		"RequestBodyUrlEncodedForm": {Build: manifest.As(buildForm), Definition: func() any { return FormDefinition{} }},
		"RequestOption":             {Build: manifest.As(BuildOption), Definition: func() any { return OptionDefinition{} }},
	}
}
