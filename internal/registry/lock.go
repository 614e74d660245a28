package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"anytap/internal/files"
	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// LockFile is the usual name of a lock file.
const LockFile = "anytap.lock"

// Entry is a connector as it is locked.
type Entry struct {
	Name             string // or the address; see Reference
	Version          string // empty for an address
	SHA256           string // of the manifest, in hexadecimal digits
	ComponentsSHA256 string // of the Python code; empty: it has none
}

// String names the connector and its version.
func (e Entry) String() string { return title(e.Name, e.Version) }

// Lock is what a lock file holds. The first entry of a name is what the name without a version
// means.
type Lock []Entry

const lockComment = `# The connectors that the configurations of this folder use. Keep this file with them.
# "anytap connectors update" takes the newest versions.
`

// Find gives the entry of a reference.
func (l Lock) Find(ref Reference) (Entry, bool) {
	i := slices.IndexFunc(l, func(e Entry) bool {
		return e.Name == ref.Name && (ref.Version == "" || e.Version == ref.Version)
	})
	if i < 0 {
		return Entry{}, false
	}
	return l[i], true
}

// references name all connectors of a lock. An address with a query is an error, as the query is
// not kept.
func (l Lock) references() ([]Reference, error) {
	var refs []Reference
	for _, e := range l {
		if slices.ContainsFunc(refs, func(r Reference) bool { return r.Name == e.Name }) {
			continue
		}
		ref, err := ParseReference(e.Name)
		if err == nil && ref.Name != e.Name {
			err = fmt.Errorf("%s: the address has a query, which is not kept: name it in full, and the others", e.Name)
		}
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// with adds an entry at the end, or first among those of its name.
func (l Lock) with(e Entry, first bool) Lock {
	l = slices.DeleteFunc(slices.Clone(l), func(old Entry) bool { return old.Name == e.Name && old.Version == e.Version })
	i := slices.IndexFunc(l, func(old Entry) bool { return old.Name == e.Name })
	if !first || i < 0 {
		return append(l, e)
	}
	return slices.Insert(l, i, e)
}

// ReadLock reads a lock file. One that is not there is an empty lock.
func ReadLock(path string) (Lock, error) {
	data, err := files.Read(path, files.Document)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lock, err := parseLock(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; mend it, or remove it to lock anew", path, err)
	}
	return lock, nil
}

var sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func parseLock(data []byte) (Lock, error) {
	root, err := yaml11.ReadCore(data)
	if err != nil {
		return nil, err
	}
	document, _ := root.Plain().(*value.Dict)
	list := value.Member[*value.List](document, "connectors")
	if value.Member[int64](document, "lock") != 1 || list == nil {
		return nil, fmt.Errorf("is no lock file that this version of anytap reads (lock: 1, and a list of connectors)")
	}
	var lock Lock
	for i, item := range list.All() {
		d, _ := item.(*value.Dict)
		e := Entry{
			Name: value.Member[string](d, "name"), Version: value.Member[string](d, "version"),
			SHA256: value.Member[string](d, "sha256"), ComponentsSHA256: value.Member[string](d, "components_sha256"),
		}
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("connectors[%d]: %w", i, err)
		}
		lock = append(lock, e)
	}
	return lock, nil
}

func (e Entry) check() error {
	isAddress := strings.Contains(e.Name, "://")
	switch {
	case !isAddress && !isName(e.Name):
		return fmt.Errorf("name is %.200q, expected that of a connector, or an address", e.Name)
	case !isAddress && !isVersion(e.Version):
		return fmt.Errorf("version is %q, expected a text such as '1.2.3'", e.Version)
	case !sha256Pattern.MatchString(e.SHA256):
		return fmt.Errorf("sha256 is %.80q, expected 64 hexadecimal digits", e.SHA256)
	case e.ComponentsSHA256 != "" && !sha256Pattern.MatchString(e.ComponentsSHA256):
		return fmt.Errorf("components_sha256 is %.80q, expected 64 hexadecimal digits", e.ComponentsSHA256)
	}
	return nil
}

func (l Lock) text() ([]byte, error) {
	list := value.NewList()
	for _, e := range l {
		d := value.DictOf("name", e.Name)
		if e.Version != "" {
			d.Set("version", e.Version)
		}
		d.Set("sha256", e.SHA256)
		if e.ComponentsSHA256 != "" {
			d.Set("components_sha256", e.ComponentsSHA256)
		}
		list.Append(d)
	}
	text, err := yaml11.Write(value.DictOf("lock", int64(1), "connectors", list))
	return append([]byte(lockComment), text...), err
}

// change rewrites a lock file, one process after the other.
func (r *Registry) change(path string, to func(Lock) (Lock, error)) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	folder := filepath.Join(r.Cache, "locks")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	turn, err := lockedfile.OpenFile(filepath.Join(folder, sum([]byte(whole))[:16]), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer turn.Close() //nolint:errcheck // nothing was written to it
	before, err := ReadLock(path)
	if err != nil {
		return err
	}
	after, err := to(before)
	if err != nil || slices.Equal(before, after) {
		return err
	}
	text, err := after.text()
	if err != nil {
		return err
	}
	return files.WriteAs(path, text, 0o644)
}
