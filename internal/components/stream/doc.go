// Package stream compiles streams. It answers the question: how do the parts of a stream become one
// that the core can read?
//
// Its components are DeclarativeStream and StateDelegatingStream.
package stream
