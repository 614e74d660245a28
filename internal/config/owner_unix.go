//go:build unix

package config

import (
	"os"
	"syscall"
)

// keepOwner gives a file the owner and group of another, as far as this process may.
func keepOwner(f *os.File, of os.FileInfo) {
	if stat, ok := of.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(stat.Uid), int(stat.Gid))
	}
}
