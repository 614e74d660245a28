// Package pyre answers what a regular expression of Python's re matches. All patterns of manifests
// are compiled here.
//
//	pattern.go               compile, search, match, sub
//	translate.go, escape.go  from Python's dialect to that of the regexp2 package, which is .NET's
package pyre
