// Package syntax answers what the text of a template says: its lexer splits it into tokens, its
// parser makes the tree of statements and expressions in tree.go.
package syntax
