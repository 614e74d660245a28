// Package taptest has what tests of several packages need of the core: a connector in memory
// (taptest.go), a test of what sinks promise (sink.go), a reader without a sink (readall.go),
// records for benchmarks (load.go), and files of a test (file.go).
package taptest
