package manifest

import "anytap/internal/manifest/yaml11"

// Kind tells the three shapes of a node.
type Kind = yaml11.Kind

// The shapes that a node has.
const (
	Scalar = yaml11.Scalar
	List   = yaml11.List
	Map    = yaml11.Map
)
