//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pipe makes a pipe with a name.
func pipe(t *testing.T, path string) string {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inTime runs what must not wait for anybody.
func inTime(t *testing.T, read func() ([]byte, error)) (string, error) {
	t.Helper()
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return string(r.text), r.err
	case <-time.After(10 * time.Second):
		t.Fatal("still reading after 10 s")
	}
	return "", nil
}

func TestReadByHand(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ path, want, fault string }{
		"a file":         {write(t, filepath.Join(dir, "a"), "text"), "text", ""},
		"just in limit":  {write(t, filepath.Join(dir, "b"), "12345678"), "12345678", ""},
		"over the limit": {write(t, filepath.Join(dir, "c"), "123456789"), "", "the most"},
		"empty":          {write(t, filepath.Join(dir, "d"), ""), "", ""},
		"a folder":       {dir, "", "is a folder, expected a file"},
		"none":           {filepath.Join(dir, "none"), "", "no such file"},
		"endless device": {"/dev/zero", "", "is a device, expected a file"},
	} {
		got, err := inTime(t, func() ([]byte, error) { return Read(c.path, 8) })
		if got != c.want || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v; want %q %s", name, got, err, c.want, c.fault)
		}
	}
}

func TestReadPipe(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want, fault string }{
		"text":    {"text", "text", ""},
		"endless": {strings.Repeat("x", 1<<16), "", "the most"},
	} {
		path := pipe(t, filepath.Join(dir, name))
		go os.WriteFile(path, []byte(c.text), 0o600) //nolint:errcheck // the reader may leave early
		got, err := inTime(t, func() ([]byte, error) { return Read(path, 8) })
		if got != c.want || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v; want %q %s", name, got, err, c.want, c.fault)
		}
	}
}

// TestFolder tries all ways to lead a manifest's path out of its folder.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "manifest")
	outside := write(t, filepath.Join(dir, "secret.json"), "SECRET")
	inside := write(t, filepath.Join(folder, "schemas", "a.json"), "inside")
	links := map[string]string{
		"link_in":        "schemas/a.json",
		"schemas/up_in":  "../schemas/a.json",
		"link_out":       "../secret.json",
		"link_absolute":  outside,
		"folder_out":     "..",
		"link_to_link":   "link_out",
		"schemas/up_out": "../../secret.json",
		"loop":           "loop",
	}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Truncate(write(t, filepath.Join(folder, "large"), ""), Document+1); err != nil {
		t.Fatal(err)
	}
	pipe(t, filepath.Join(folder, "pipe"))
	const out = "lies outside of the manifest's folder"
	for path, c := range map[string]struct{ want, fault string }{
		"schemas/a.json":               {"inside", ""},
		"./schemas/../schemas//a.json": {"inside", ""},
		inside:                         {"inside", ""},
		"link_in":                      {"inside", ""},
		"schemas/up_in":                {"inside", ""},
		"../secret.json":               {"", out},
		"schemas/../../secret.json":    {"", out},
		outside:                        {"", out},
		"/dev/zero":                    {"", out},
		"link_out":                     {"", out},
		"link_absolute":                {"", out},
		"link_to_link":                 {"", out},
		"schemas/up_out":               {"", out},
		"folder_out/secret.json":       {"", out},
		"loop":                         {"", "too many levels"},
		"none":                         {"", "no such file"},
		"schemas":                      {"", "is a folder"},
		".":                            {"", "is a folder"},
		"":                             {"", "is a folder"},
		"pipe":                         {"", "is a pipe"},
		"large":                        {"", "the most"},
		"nul\x00byte":                  {"", "invalid"},
		strings.Repeat("x", 1<<16):     {"", "too long"},
	} {
		got, err := inTime(t, func() ([]byte, error) { return Folder(folder).Read(path) })
		if got != c.want || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%.80q: %q, %.200v; want %q %s", path, got, err, c.want, c.fault)
		}
	}
	if _, err := Folder(folder).Read("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if text, err := Folder("/").Read(outside); string(text) != "SECRET" {
		t.Errorf("below the root of all folders: %q, %v", text, err)
	}
}
