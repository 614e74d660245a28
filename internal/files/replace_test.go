package files

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteMakesAndReplaces(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	for _, text := range []string{"one", "a longer one", "2"} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Errorf("got %q, %v, want %q", got, err, text)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v, want that of the file before", info.Mode(), err)
	}
	if err := WriteAs(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want the one that was asked for", info.Mode(), err)
	}
}

func TestWhatKilledWritesLeftIsRemoved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"state.json", ".state.json-123", ".state.json-x", ".other.json-123"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	RemoveLeft(filepath.Join(folder, "state.json"))
	for name, want := range map[string]bool{"state.json": true, ".state.json-123": false, ".state.json-x": true, ".other.json-123": true} {
		if _, err := os.Stat(filepath.Join(folder, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALockIsOnes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(path+".lock", []byte("4711"), 0o600); err != nil { // of a process that is dead
		t.Fatal(err)
	}
	first, err := TakeLock(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = TakeLock(path)
	if locked, ok := errors.AsType[*LockedError](err); !ok || locked.PID != os.Getpid() {
		t.Errorf("a second lock: %v", err)
	}
	first.Free()
	if _, err := os.Stat(path + ".lock"); !os.IsNotExist(err) {
		t.Errorf("the lock is left behind: %v", err)
	}
	second, err := TakeLock(path)
	if err != nil {
		t.Fatal(err)
	}
	second.Free()
	if _, err := TakeLock(filepath.Join(path, "x")); err == nil {
		t.Error("a lock in a folder that is not there")
	}
}
