// Package statefile reads and changes state files as wholes: which streams have a state there, and
// what it says. A file keeps the form that it came in, Singer's or one of Airbyte's.
//
// parse.go knows the forms, file.go changes one, describe.go says in words what a stream's state
// is, merge.go makes one of several, keeper.go keeps a file up to date while a target confirms.
package statefile
