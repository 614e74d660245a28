//go:build unix

package cli

import (
	"syscall"
	"time"
)

// usedSoFar is what the process has used since it began.
func usedSoFar() (used load, known bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return load{}, false
	}
	return load{time.Duration(u.Utime.Nano() + u.Stime.Nano()), int64(u.Nvcsw)}, true
}
