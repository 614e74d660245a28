// Package value holds the values of the manifest language: what Python's types hold, decoded from JSON no
// sooner than something asks.
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
// A string is UTF-8, except that a lone surrogate, which Python's str can hold, stands in the three bytes
// that UTF-8 would give it. A value of another type takes part through the interface Object.
//
// Lazy text is retained, not copied: who passes raw text in must not change it afterwards.
package value

// Object is a value of a type that this package does not know: a function, a namespace, a calendar duration.
type Object interface {
	TypeName() string // as type(v).__name__
	Repr() string     // as repr(v)
	Str() string      // as str(v)
	Truth() bool      // as bool(v)
}
