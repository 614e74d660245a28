//go:build !linux

package frontend

import "os"

// queued is not known here: the last lines get their moment alone.
func queued(*os.File) int { return 0 }
