//go:build !unix

package cli

func usedSoFar() (used work, known bool) { return work{}, false }
