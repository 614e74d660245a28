package schemaloader

import "anytap/internal/manifest"

// Table is this package's part of the component table. A manifest does not write two of the names:
// CompositeSchemaLoader is a list of loaders, and DefaultSchemaLoader stands in a stream that has
// none.
func Table() manifest.Table {
	return manifest.Table{
		"InferredSchemaLoader":  {Build: manifest.As(buildInferred), Definition: func() any { return inferredDefinition{} }},
		"InlineSchemaLoader":    {Build: manifest.As(buildInline), Definition: func() any { return inlineDefinition{} }},
		"JsonFileSchemaLoader":  {Build: manifest.As(buildFile), Definition: func() any { return fileDefinition{} }},
		"DynamicSchemaLoader":   {Build: manifest.As(buildDynamic), Definition: func() any { return dynamicDefinition{} }},
		"CompositeSchemaLoader": {Build: manifest.As(buildComposite)},
		"DefaultSchemaLoader":   {Build: manifest.As(buildDefault)},
		"SchemaTypeIdentifier":  {Build: manifest.As(buildIdentifier), Definition: func() any { return identifierDefinition{} }},
		"TypesMap":              {Build: manifest.As(buildTypesMap), Definition: func() any { return typesMapDefinition{} }},
		"ComplexFieldType":      {Build: manifest.As(buildComplexType), Definition: func() any { return complexTypeDefinition{} }},
	}
}
