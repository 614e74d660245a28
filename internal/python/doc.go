// Package python does what Python does with a value: show, measure, compare, hash and sort it, go through it, look its
// attributes and items up, call it. Packages below it hold arithmetic (operator), formats (format), the methods of types (method),
// and what they are made of.
//
// A value is one of package value's, or an Object that has the interfaces of this package which stand for Python's special
// methods. What needs arguments, a clock or bounds runs on a Thread.
package python
