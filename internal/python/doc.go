// Package python is the core of Python's object model: how values are written, measured, compared,
// hashed, sorted, iterated over and called, and how their attributes and items are found.
//
// A value is one of package value's types, or a value.Object of any package. An object takes part
// by implementing interfaces that stand for Python's special methods (protocol.go). Functions that
// call others, iterate or read the clock take a Thread, which counts their work and limits it.
//
//	protocol.go       the interfaces of objects
//	thread.go         Thread, its host's Hooks and its clock
//	limits.go         what limits a run: steps, time, sizes
//	builtin.go        functions written in Go, and how they receive arguments
//	call.go           calls, and methods bound to their receiver
//	attribute.go      getattr; dunder.go which special attributes exist
//	subscript.go      v[arg]; sliceobject.go slices
//	object.go         str, repr, Ellipsis
//	iter.go           iter, list; length.go len
//	operators.go      the operators' names; package operator applies those of arithmetic
//	compare.go        ==, <, in, is; hash.go keys of dicts
//	dictionary.go     dict, its update and items; dictview.go keys(), values(), items()
//	set.go            the order of a set; sort.go sorted, min, max
//	json.go           json.dumps
//
// Packages below it hold the parts: exception, pytext (text), number, and on top of the core
// operator, format, method (the methods of the types), pytime, pyre and literal.
package python
