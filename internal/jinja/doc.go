// Package jinja compiles the templates of low-code manifests into closures and evaluates them as
// Airbyte's CDK does: sandboxed Jinja2, after which the rendered text is read as a Python literal.
//
// A template is compiled once and can be evaluated by several goroutines at once, each with its own
// Env. The CDK has several classes of templates; each has a type here.
//
//	string.go, bool.go, mapping.go, nested.go, raw.go  the classes: String, Bool, Mapping, Nested, Raw
//	env.go, slice.go                                   the variables of an evaluation
//	compile*.go, fold.go, scope.go                     from the tree of package syntax to closures
//	state.go, loop.go, undefined.go, sandbox.go        an evaluation in progress
//	filters*.go, tests.go, globals.go, macros.go       what templates can call
//	roots.go, shortpage.go                             what is known of a template without evaluating it
//
// What values do is package python's.
package jinja
