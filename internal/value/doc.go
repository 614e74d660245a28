// Package value holds the values of the manifest language. They are those of Python's types. Values
// from JSON are decoded only when they are asked for.
//
// A value is an any with one of these dynamic types:
//
//	nil        None                    *List      list, decoded lazily
//	bool       bool                    *Dict      dict, ordered, decoded lazily
//	int64      int                     Tuple      tuple
//	*big.Int   int outside int64       *Set       set
//	float64    float                   Bytes      bytes
//	string     str                     Datetime   datetime.datetime
//	Date       datetime.date           Timedelta  datetime.timedelta
//
// A string is UTF-8, except that it may contain lone surrogates, as Python's str may, in the three
// bytes that UTF-8 would have for them. Values of other types implement the interface Object.
//
// Lazy values retain the text that they are made from. Callers must not change it afterwards.
package value

// Object is a value of a type that this package does not know, such as a function or a calendar
// duration.
type Object interface {
	TypeName() string // as type(v).__name__
	Repr() string     // as repr(v)
	Str() string      // as str(v)
	Truth() bool      // as bool(v)
}
