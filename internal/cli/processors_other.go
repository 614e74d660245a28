//go:build !unix

package cli

// usedSoFar is not known here.
func usedSoFar() (used load, known bool) { return load{}, false }
