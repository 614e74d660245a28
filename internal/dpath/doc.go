// Package dpath finds values by paths whose segments may be globs, by the rules of Python's dpath as the
// reference runtime uses it:
//
//   - A segment that is text matches a key by shell pattern (*, ?, [abc], [!abc]), case and all.
//   - A segment that reads as a whole number matches an index of a list, negative ones from the end; a
//     number proper matches no key.
//   - The segment ** stands for any number of segments, none included.
package dpath
