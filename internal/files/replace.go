package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Place is where a new text of a file is written before it takes the old one's place in one step: a
// file beside it, which only its owner can read.
type Place struct {
	target string
	mode   os.FileMode
	info   os.FileInfo // of the file that is replaced; nil: there is none
	file   *os.File
}

// NewPlace makes a place for a file that is there. What is behind a link is replaced, not the link.
func NewPlace(path string) (*Place, error) {
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
	return beside(&Place{target: target, mode: info.Mode().Perm(), info: info})
}

// beside opens the file of a place.
func beside(p *Place) (*Place, error) {
	var err error
	p.file, err = os.CreateTemp(filepath.Dir(p.target), besideName(p.target)+"*")
	return p, err
}

// besideName is what the name of a file beside another begins with.
func besideName(target string) string { return "." + filepath.Base(target) + "-" }

// Write puts a text into a file in one step: a crash leaves the old text or the new one. The owner
// alone can read a file that was not there.
func Write(path string, text []byte) error {
	p, err := placeFor(path)
	if err != nil {
		return err
	}
	return p.Replace(text)
}

// WriteAs is Write, but that a file which was there gets these permissions too.
func WriteAs(path string, text []byte, mode os.FileMode) error {
	p, err := placeFor(path)
	if err != nil {
		return err
	}
	p.mode = mode
	return p.Replace(text)
}

// placeFor makes a place for a file that need not be there.
func placeFor(path string) (*Place, error) {
	p, err := NewPlace(path)
	if errors.Is(err, fs.ErrNotExist) {
		return beside(&Place{target: path, mode: 0o600})
	}
	return p, err
}

// RemoveLeft removes what writes of a file left behind that were killed. Nobody else may write it.
func RemoveLeft(path string) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return
	}
	for _, e := range entries {
		if match, _ := filepath.Match(besideName(path)+"[0-9]*", e.Name()); match {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// Hold fills the place with as many bytes as the text that will take it may have.
func (p *Place) Hold(text []byte) error {
	_, err := p.file.Write(text)
	if err == nil {
		err = p.file.Sync()
	}
	return err
}

// Target is the file that is replaced, behind all links.
func (p *Place) Target() string { return p.target }

// Replace writes the text over what was held, and puts it into the place of the old one. A crash
// leaves the old file or the new one, with the same owner and permissions.
func (p *Place) Replace(text []byte) error {
	_, err := p.file.WriteAt(text, 0)
	if err == nil {
		err = p.file.Truncate(int64(len(text)))
	}
	if err == nil {
		err = p.file.Chmod(p.mode)
	}
	if err == nil {
		if p.info != nil {
			keepOwner(p.file, p.info)
		}
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

// Drop gives up a place that was not used.
func (p *Place) Drop() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}
