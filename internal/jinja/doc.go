// Package jinja compiles the templates of low-code manifests to closures over
// package value's Python-typed values, and evaluates them as Airbyte's CDK
// does: sandboxed Jinja2, then Python literal typing of the rendered text.
//
// A template is compiled once (CompileString, CompileBool, CompileMapping,
// CompileNested, CompileRaw: one for each way the reference runtime evaluates)
// and then run any number of times, by any number of goroutines, each with its
// own Env.
package jinja
