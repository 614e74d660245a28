//go:build !race

package e2e

// raceEnabled says that the race detector watches.
const raceEnabled = false
