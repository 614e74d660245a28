// Package source compiles the root of a manifest. It answers the question: what does a whole
// connector consist of, how is it checked, and how much of it is read at once?
//
// Its components are DeclarativeSource, ConditionalStreams, DynamicDeclarativeStream, StreamGroup
// with BlockSimultaneousSyncsAction, ConcurrencyLevel, CheckStream with DynamicStreamCheckConfig,
// and CheckDynamicStream.
package source
