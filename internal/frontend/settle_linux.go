package frontend

import (
	"os"

	"golang.org/x/sys/unix"
)

// queued is how many bytes in a pipe its reader has not taken yet.
func queued(f *os.File) int {
	c, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	n := 0
	_ = c.Control(func(fd uintptr) {
		if v, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ); err == nil {
			n = v
		}
	})
	return n
}
