package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// configured is a configuration of one file.
func configured(path string, members ...any) *Configuration {
	d := value.DictOf(members...)
	return &Configuration{Values: d, raw: d.Clone(), parts: []part{{path: path, text: []byte("{"), raw: d.Clone()}}}
}

// only fails unless a folder holds these files.
func only(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", got, names)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestStoreBehindALink keeps links to links, permissions and the file's place.
func TestStoreBehindALink(t *testing.T) {
	t.Parallel()
	for _, reserved := range []bool{false, true} {
		folder, elsewhere := t.TempDir(), t.TempDir()
		target, middle, link := filepath.Join(elsewhere, "real.json"), filepath.Join(folder, "middle"), filepath.Join(folder, "config.json")
		must(t, os.WriteFile(target, []byte(`{"refresh_token":"old"}`), 0o640))
		must(t, os.Chmod(target, 0o640))
		must(t, os.Symlink(target, middle))
		must(t, os.Symlink("middle", link))
		c := configured(link, "refresh_token", "old")
		if reserved {
			free, err := c.Reserve([]string{"refresh_token", "access_token"})
			if err != nil {
				t.Fatal(err)
			}
			defer free()
			if got := mustRead(t, target); got != `{"refresh_token":"old"}` {
				t.Errorf("to reserve changed the file: %s", got)
			}
		}
		must(t, c.Store(value.DictOf("refresh_token", "new", "access_token", "a")))
		if got := mustRead(t, target); got != "{\"refresh_token\":\"new\",\"access_token\":\"a\"}\n" {
			t.Errorf("got %q", got)
		}
		if to, err := os.Readlink(link); err != nil || to != "middle" {
			t.Errorf("the link leads to %q, %v", to, err)
		}
		if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		only(t, elsewhere, "real.json")
		only(t, folder, "config.json", "middle")
	}
}

// TestReserve says of each place whether a changed setting can be kept there. The file itself
// stays as it is.
func TestReserve(t *testing.T) {
	t.Parallel()
	const text = `{"refresh_token":"old"}`
	for name, test := range map[string]struct {
		make func(t *testing.T, folder string) *Configuration
		err  string // empty: it can
	}{
		"a file": {func(t *testing.T, folder string) *Configuration {
			return configured(filepath.Join(folder, "config.json"), "refresh_token", "old")
		}, ""},
		"no file": {func(*testing.T, string) *Configuration { return &Configuration{Values: value.NewDict(0)} }, "there is no config file to keep it in"},
		"a file that went": {func(t *testing.T, folder string) *Configuration {
			return configured(filepath.Join(folder, "gone.json"), "refresh_token", "old")
		}, "can not be replaced"},
		"a link that leads nowhere": {func(t *testing.T, folder string) *Configuration {
			must(t, os.Symlink("nowhere", filepath.Join(folder, "link.json")))
			return configured(filepath.Join(folder, "link.json"), "refresh_token", "old")
		}, "can not be replaced"},
		"no regular file": {func(t *testing.T, folder string) *Configuration {
			return configured(os.DevNull, "refresh_token", "old")
		}, "is no file that can be written"},
		"a folder": {func(t *testing.T, folder string) *Configuration { return configured(folder, "refresh_token", "old") }, "is no file that can be written"},
		"a folder without permission": {func(t *testing.T, folder string) *Configuration {
			if os.Geteuid() == 0 {
				t.Skip("root may write everywhere")
			}
			must(t, os.Chmod(folder, 0o500))
			t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
			return configured(filepath.Join(folder, "config.json"), "refresh_token", "old")
		}, "permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file := filepath.Join(folder, "config.json")
			must(t, os.WriteFile(file, []byte(text), 0o600))
			c := test.make(t, folder)
			free, err := c.Reserve([]string{"refresh_token", "access_token"})
			if test.err == "" {
				if err != nil {
					t.Fatal(err)
				}
				if entries, _ := os.ReadDir(folder); len(entries) != 2 {
					t.Error("nothing was reserved")
				}
				free()
				free()
			} else if err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if got := mustRead(t, file); got != text {
				t.Errorf("the file holds %q", got)
			}
			if entries, _ := filepath.Glob(filepath.Join(folder, ".config.json-*")); len(entries) != 0 {
				t.Errorf("left behind: %q", entries)
			}
		})
	}
}

// TestWhatIsReservedTakesAnyText stores more than was reserved, and less.
func TestWhatIsReservedTakesAnyText(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, room, 3 * room} {
		folder := t.TempDir()
		file := filepath.Join(folder, "config.json")
		must(t, os.WriteFile(file, []byte(`{"refresh_token":"`+strings.Repeat("o", room)+`"}`), 0o600))
		c := configured(file, "refresh_token", strings.Repeat("o", room))
		free, err := c.Reserve([]string{"refresh_token"})
		must(t, err)
		must(t, c.Store(value.DictOf("refresh_token", strings.Repeat("n", size))))
		free()
		if got := mustRead(t, file); got != `{"refresh_token":"`+strings.Repeat("n", size)+"\"}\n" {
			t.Errorf("%d bytes became %d", size, len(got))
		}
		only(t, folder, "config.json")
	}
}
