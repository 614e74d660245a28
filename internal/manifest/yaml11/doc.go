// Package yaml11 reads a YAML document as PyYAML's SafeLoader does, into nodes that know their
// place in the text.
//
// It answers what the text says: YAML 1.1 scalars, merge keys, aliases. What a manifest means by it
// ($ref, $parameters, components) is package manifest's business.
//
//	read.go                       Read: the way in, and its errors
//	block.go block_scalar.go      the block reader: fast, for the plain block style of nearly all manifests
//	block_flow.go
//	parser.go                     everything else: go.yaml.in/yaml/v3 and the conversion of its nodes
//	scalar.go timestamp.go        what unquoted and tagged scalars mean
//	core.go                       ReadCore: configurations, by simpler rules
//	write.go replace.go           values as YAML, and other values in a document
//	node.go                       the nodes
//	describe.go position.go       words and places for error messages
package yaml11
