package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Folder is a folder whose files a manifest may name. Nothing outside of it is read: no absolute
// path, no "..", and no symbolic link leads out. Links inside of it are followed if they are
// relative.
type Folder string

// Read reads a file of at most Document bytes. Pipes and devices are errors, as nothing is known of
// who wrote the manifest. An error of the system is a *fs.PathError, such as one that is
// fs.ErrNotExist.
func (f Folder) Read(path string) ([]byte, error) {
	name, err := f.below(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // it was only read
	// O_NONBLOCK: to open a pipe would wait for somebody who writes into it.
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		if _, ofSystem := errors.AsType[syscall.Errno](err); !ofSystem {
			return nil, f.outside(path) // Root itself refuses nothing else
		}
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := check(path, info, Document); err != nil {
		return nil, err
	}
	return whole(path, file, Document)
}

// below is the path as seen from the folder.
func (f Folder) below(path string) (string, error) {
	name := filepath.Clean(path)
	if filepath.IsAbs(name) {
		folder, err := filepath.Abs(string(f))
		if err != nil {
			return "", err
		}
		if name, err = filepath.Rel(folder, name); err != nil {
			return "", f.outside(path)
		}
	}
	if !filepath.IsLocal(name) {
		return "", f.outside(path)
	}
	return name, nil
}

func (f Folder) outside(path string) error {
	return fmt.Errorf("%s lies outside of the manifest's folder %q, and a manifest reads no other files: put it there, or name the folder that holds it with --manifest-files", path, string(f))
}
