// Package dpath finds and changes values by paths whose segments may be globs. It follows the rules
// of Python's dpath as the CDK uses it:
//
//   - A segment that is text matches keys as a shell pattern (*, ?, [abc], [!abc]), with regard to case.
//   - A segment that is a whole number, or the text of one, matches an index of a list, a negative one from the end. A segment that is
//     a number matches no key.
//   - The segment ** matches any number of segments, also none.
package dpath
