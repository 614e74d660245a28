package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// place is where a new text of a file is written before it takes the old one's place in one step: a
// file beside it, which only its owner can read.
type place struct {
	target string
	mode   os.FileMode
	info   os.FileInfo
	file   *os.File
}

// room is how many bytes a configuration may grow by its new tokens.
const room = 16 << 10

// reserve makes sure that a file can be replaced by a text that is up to room longer: by replacing
// it with what it holds, and by writing a file of that size. What is behind a link is replaced, not
// the link.
func reserve(path string) (*place, error) {
	p, err := newPlace(path)
	if err != nil {
		return nil, err
	}
	present, err := os.ReadFile(p.target)
	if err != nil {
		p.drop()
		return nil, err
	}
	if err := p.replace(present); err != nil {
		return nil, err
	}
	if p, err = newPlace(path); err != nil {
		return nil, err
	}
	if _, err = p.file.Write(bytes.Repeat([]byte{'\n'}, len(present)+room)); err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		p.drop()
		return nil, err
	}
	return p, nil
}

func newPlace(path string) (*place, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(target)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file that can be written", target)
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".config-*")
	if err != nil {
		return nil, err
	}
	return &place{target: target, mode: info.Mode().Perm(), info: info, file: f}, nil
}

// replace writes the text over what was reserved, and puts it into the place of the old one. A
// crash leaves the old file or the new one, with the same owner and permissions.
func (p *place) replace(text []byte) error {
	_, err := p.file.WriteAt(text, 0)
	if err == nil {
		err = p.file.Truncate(int64(len(text)))
	}
	if err == nil {
		err = p.file.Chmod(p.mode)
	}
	if err == nil {
		keepOwner(p.file, p.info)
		err = p.file.Sync()
	}
	if closeErr := p.file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(p.file.Name(), p.target)
	}
	if err != nil {
		_ = os.Remove(p.file.Name())
		return err
	}
	if folder, err := os.Open(filepath.Dir(p.target)); err == nil {
		_ = folder.Sync() // not every file system can; the file itself is safe
		_ = folder.Close()
	}
	return nil
}

// drop gives up a place that was not used.
func (p *place) drop() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}
