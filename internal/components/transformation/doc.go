// Package transformation changes records between the API and the destination.
//
// A transformation is compiled once a stream and bound once a page. Members of a record that it
// does not name stay the text that the API sent. It says which members it touches, so that the
// selector knows whether a record is worth opening as a whole.
//
//	addfields.go          AddFields, AddedFieldDefinition
//	removefields.go       RemoveFields
//	keystolower.go        KeysToLower
//	keystosnakecase.go    KeysToSnakeCase
//	keysreplace.go        KeysReplace
//	flattenfields.go      FlattenFields
//	dpathflattenfields.go DpathFlattenFields, KeyTransformation
package transformation
