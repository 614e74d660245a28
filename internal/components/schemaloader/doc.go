// Package schemaloader finds the JSON schema of a stream.
//
//	inline.go     InlineSchemaLoader: it stands in the manifest
//	file.go       JsonFileSchemaLoader: in a file; references.go replaces its $refs
//	dynamic.go    DynamicSchemaLoader: the API describes its fields
//	identifier.go SchemaTypeIdentifier: where in that description they are
//	typesmap.go   TypesMap, ComplexFieldType: what the API's types mean
//	inferred.go   InferredSchemaLoader: from some of the records, by package fit
//	composite.go  a list of loaders
//	default.go    the loader of a stream that has none
package schemaloader
