//go:build unix

package cli

import (
	"syscall"
	"time"
)

// usedSoFar asks the system what the program has used.
func usedSoFar() (used work, known bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return work{}, false
	}
	return work{time.Duration(u.Utime.Nano() + u.Stime.Nano()), int64(u.Nvcsw)}, true
}
