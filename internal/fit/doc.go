// Package fit finds the JSON schema of records, and tells whether further records fit it.
//
//	shape.go  what was seen of values, and the schema that they have
//	names.go  what the names of fields say: keys, and objects that are maps
//	plan.go   a schema compiled to a pattern, which the text of a record is held against
//	times.go  texts that are date-times
//	widen.go  the schema that further records fit as well
package fit
