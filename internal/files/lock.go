package files

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Lock keeps others from a file while a process works with it. It ends with that process, however
// the process ends.
type Lock struct{ file *os.File }

// LockedError says that another process has a lock.
type LockedError struct {
	Path string // of the file that is locked
	PID  int    // of the process; 0: not known
}

// Error says who has it.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is in use by another run", e.Path)
	}
	return fmt.Sprintf("%s is in use by another run (process %d)", e.Path, e.PID)
}

// TakeLock locks a file, which need not be there, by one beside it (.lock). It does not wait: a
// *LockedError says that another process has the lock.
func TakeLock(path string) (*Lock, error) {
	for {
		f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		taken, err := lock(f)
		if err != nil || !taken {
			text, _ := io.ReadAll(io.LimitReader(f, 32))
			pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
			_ = f.Close()
			if err == nil {
				err = &LockedError{Path: path, PID: pid}
			}
			return nil, err
		}
		if !replaced(f, path+".lock") {
			_ = f.Truncate(0)
			_, _ = f.WriteAt(strconv.AppendInt(nil, int64(os.Getpid()), 10), 0) // for the message alone
			return &Lock{f}, nil
		}
		_ = f.Close() // who had it before removed it in between
	}
}

// replaced reports whether the path does not lead to the open file any more.
func replaced(f *os.File, path string) bool {
	open, err := f.Stat()
	if err != nil {
		return true
	}
	there, err := os.Stat(path)
	return err != nil || !os.SameFile(open, there)
}

// Free gives the lock up.
func (l *Lock) Free() {
	_ = os.Remove(l.file.Name()) // while it is locked, so that nobody's is removed
	_ = l.file.Close()
}
