// Package syntax reads the text of a template into a tree: the lexer makes tokens of it, the parser statements and
// expressions.
package syntax
