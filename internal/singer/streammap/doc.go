// Package streammap changes streams on their way out as the Meltano SDK's stream maps and its
// flattening do: streams and properties are renamed, removed, computed, filtered and duplicated by
// the settings of a configuration.
//
//	mapper.go    Mapper: which maps a stream has
//	settings.go  the settings, and what is wrong with them
//	map.go       Map: one way a stream goes out, with its properties and filter
//	record.go    records
//	schema.go    schemas, with the types of expressions
//	flatten.go   flattening
//
// The SDK's own mapper is the judge; see testdata/README.md.
package streammap
