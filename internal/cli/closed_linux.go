package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// replaced reports whether f was closed when the program began. Go's runtime then opens /dev/null
// for reading and writing in its place. Who throws output away opens it for writing alone, as
// shells do.
func replaced(f *os.File) bool {
	var at, null unix.Stat_t
	if unix.Fstat(int(f.Fd()), &at) != nil || unix.Stat(os.DevNull, &null) != nil || at.Rdev != null.Rdev || at.Ino != null.Ino || at.Dev != null.Dev {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
