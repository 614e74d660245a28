// Package files reads the files that a user or a manifest names, replaces them in one step, and
// locks them. It knows which kinds of files are read, and no read takes more memory than its limit.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The most bytes that are read of a file.
const (
	Document = 64 << 20 // a manifest, a configuration, a schema, certificates
	Data     = 1 << 30  // a catalog, a state
)

// Stdin is the path that stands for the standard input.
const Stdin = "-"

// Read reads a whole file that the user named. A pipe and the standard input are read as well
// (--config <(decrypt …)), and are empty afterwards. A folder, a device and a file of more than
// limit bytes are errors.
func Read(path string, limit int64) ([]byte, error) {
	if path == Stdin {
		return whole("the standard input", os.Stdin, limit)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainly(err)
	}
	if !isPipe(info) {
		if err := check(path, info, limit); err != nil {
			return nil, err
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, plainly(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	return whole(path, f, limit)
}

// Once reports whether what is at a path can be read once only: a pipe or the standard input.
func Once(path string) bool {
	if path == Stdin {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && isPipe(info)
}

func isPipe(info fs.FileInfo) bool { return info.Mode().Type() == fs.ModeNamedPipe }

// check refuses what is no plain file, or too large a one.
func check(path string, info fs.FileInfo, limit int64) error {
	found := "a device"
	switch kind := info.Mode().Type(); {
	case kind == 0 && info.Size() > limit:
		return tooLarge(path, limit)
	case kind == 0:
		return nil
	case kind == fs.ModeDir:
		found = "a folder"
	case kind == fs.ModeNamedPipe:
		found = "a pipe"
	case kind == fs.ModeSocket:
		found = "a socket"
	}
	return fmt.Errorf("%s is %s, expected a file", path, found)
}

// whole reads to the end, whatever size the file said that it has.
func whole(path string, f *os.File, limit int64) ([]byte, error) {
	var data bytes.Buffer
	if info, err := f.Stat(); err == nil {
		data.Grow(int(min(info.Size(), limit)) + bytes.MinRead)
	}
	n, err := data.ReadFrom(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case n > limit:
		return nil, tooLarge(path, limit)
	}
	return data.Bytes(), nil
}

// plainly is an error of the system without the name of its call: "c.json: no such file or
// directory".
func plainly(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", e.Path, e.Err)
	}
	return err
}

func tooLarge(path string, limit int64) error {
	return fmt.Errorf("%s has more than %d MiB, the most that is read of such a file", path, limit>>20)
}
