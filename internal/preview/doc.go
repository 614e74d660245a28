// Package preview reads the first records of streams and shows them to a person: as tables, or as
// JSON. It is a front end like those of the two protocols, and writes no state.
package preview
