// Package simpleeval evaluates Python's expressions as simpleeval does, the library that the
// Meltano SDK evaluates stream maps with: its EvalWithCompoundTypes, with the SDK's functions.
//
// An expression is compiled once, into closures over what package python and the packages below it
// know of values, operators and methods.
//
//	expression.go     Compile, Expression, Evaluator
//	compile.go        nodes; names.go variables; call.go functions and attributes
//	operator.go       operators with simpleeval's limits; bits.go | & ^ << >> ~
//	text.go           f-strings; comprehension.go comprehensions
//	function.go       int, str, md5 …; datetime.go and json.go the modules
//
// It differs from Python where simpleeval does: names that begin with _ are no attributes, nor is
// format; v.name is v['name'] where v has no such attribute; an f-string takes no account of !r; a
// generator is a list; texts, lists and powers have limits.
package simpleeval
