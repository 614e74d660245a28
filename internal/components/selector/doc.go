// Package selector makes records of an answer.
//
// A record is extracted, perhaps expanded, filtered, transformed and cast to the types of the
// stream's schema. If the answer is JSON and its records are at a plain path, they are cut out of
// its text in one pass, and each stays that text until something reads a field of it.
//
//	selector.go       RecordSelector; download.go is that of asynchronous downloads
//	line.go           the way of a record through filter, transformations and cast
//	flush.go          records do not wait long for an answer that falls silent
//	opening.go        when it pays to find all members of a record at once
//	object.go         a record that is not an object
//	filter.go         RecordFilter
//	dpath.go          DpathExtractor
//	cutter.go         the same, on the text of an answer; cutstream.go while it arrives; envelope.go is the rest of the answer
//	combined.go       CombinedExtractor
//	firstlist.go      FirstListExtractor
//	responsetofile.go ResponseToFileExtractor, with the rows of csvtable.go
//	expander.go       RecordExpander
//	parentfield.go    ParentFieldPath
//	cast.go           schema_normalization: castschema.go compiles the schema, castrecord.go casts a record by it, and
//	                  castvalue.go one value
package selector
