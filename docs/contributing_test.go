package docs

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// step is one file of the addition that CONTRIBUTING.md leads through.
type step struct {
	path string
	how  string // "new", "one line" or "generated"
	code string // the new file, or the line; empty for a generated file
}

var stepForm = regexp.MustCompile("(?m)^#### `([^`]+)` \\((new|one line|generated)\\)$")

// steps reads them: each heading names a file, and the first Go block below it is what is written.
func steps(t *testing.T) []step {
	t.Helper()
	data, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	var all []step
	headings := stepForm.FindAllStringSubmatchIndex(text, -1)
	for i, h := range headings {
		end := len(text)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		s := step{path: text[h[2]:h[3]], how: text[h[4]:h[5]]}
		if s.how != "generated" {
			_, code, found := strings.Cut(text[h[1]:end], "```go\n")
			code, _, closed := strings.Cut(code, "```")
			if !found || !closed {
				t.Fatalf("CONTRIBUTING.md: %s has no Go block", s.path)
			}
			s.code = code
		}
		all = append(all, s)
	}
	if len(all) < 3 {
		t.Fatalf("CONTRIBUTING.md names %d files, expected the addition's", len(all))
	}
	return all
}

// TestTheAdditionInContributingIsComplete makes the addition in a copy of the repository. The tests
// must pass there, and no file may have changed that CONTRIBUTING.md does not name.
func TestTheAdditionInContributingIsComplete(t *testing.T) {
	if testing.Short() {
		t.Skip("tests a copy of the repository: left out of short runs")
	}
	t.Parallel()
	addition := steps(t)
	copied := t.TempDir()
	before := copyRepository(t, copied)
	for _, s := range addition {
		write(t, filepath.Join(copied, filepath.FromSlash(s.path)), s)
	}
	goTest(t, copied, "./internal/components", "-run=^TestComponentsDocument$", "-update")
	goTest(t, copied, "./docs", "-run=^TestImportsPointOneWay$")
	goTest(t, copied, "./internal/components")
	for _, s := range addition {
		if strings.HasSuffix(s.path, "_test.go") {
			goTest(t, copied, "./"+filepath.ToSlash(filepath.Dir(s.path)))
		}
	}
	var named []string
	for _, s := range addition {
		named = append(named, s.path)
	}
	slices.Sort(named)
	if changed := changedFiles(t, copied, before); !slices.Equal(changed, named) {
		t.Errorf("the addition changes\n%s\nCONTRIBUTING.md names\n%s", strings.Join(changed, "\n"), strings.Join(named, "\n"))
	}
}

// write carries out a step. A line goes to the top of the package's table.
func write(t *testing.T, path string, s step) {
	t.Helper()
	code := []byte(s.code)
	switch s.how {
	case "generated":
		return
	case "one line":
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		const table = "return manifest.Table{\n"
		if !bytes.Contains(old, []byte(table)) || strings.Count(strings.TrimSpace(s.code), "\n") > 0 {
			t.Fatalf("%s: expected a table, and one line for it", s.path)
		}
		code = bytes.Replace(old, []byte(table), []byte(table+s.code), 1)
	}
	formatted, err := format.Source(code)
	if err != nil {
		t.Fatalf("%s: %v", s.path, err)
	}
	if s.how == "new" && !bytes.Equal(formatted, code) {
		t.Errorf("CONTRIBUTING.md: %s is not formatted", s.path)
	}
	if err := os.WriteFile(path, formatted, 0o644); err != nil {
		t.Fatal(err)
	}
}

// goTest runs tests in a folder. Paths are trimmed, so that what was compiled for this folder
// serves there too.
func goTest(t *testing.T, folder, pkg string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-trimpath", pkg}, args...)...)
	cmd.Dir = folder
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go test %s: %v\n%s", pkg, err, said)
	}
}

// copyRepository copies what the module's packages are made of, and gives the copied files by their
// paths.
func copyRepository(t *testing.T, to string) map[string]string {
	t.Helper()
	files := readRepository(t, "..")
	for path, text := range files {
		target := filepath.Join(to, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func changedFiles(t *testing.T, folder string, before map[string]string) []string {
	t.Helper()
	var changed []string
	for path, text := range readRepository(t, folder) {
		if old, there := before[path]; !there || old != text {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	return changed
}

// readRepository reads the files below the folder, those of other modules and of version control
// aside.
func readRepository(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		switch {
		case d.IsDir() && relative != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains(otherModules, relative)):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s is no regular file", relative)
		}
		data, err := os.ReadFile(path)
		files[relative] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
