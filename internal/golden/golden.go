// Package golden handles the files of tests: those that the flag -update writes anew, recorded
// cases, and temporary ones.
//
//	golden.go   Check compares a test's output with a file
//	lines.go    Lines reads a file of one case a line
//	temp.go     TempFile writes a file for one test
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Updating tells whether the test was called with -update, for files that Check can not write.
func Updating() bool { return *update }

// Check compares got with testdata/name, or writes it with -update.
func Check(t *testing.T, name string, got []byte) {
	t.Helper()
	CheckFile(t, filepath.Join("testdata", name), got)
}

var duration = regexp.MustCompile(`\bseconds=\d+\.\d+`)

// WithoutDurations is logs in which every stream took no time.
func WithoutDurations(logs []byte) []byte { return duration.ReplaceAll(logs, []byte("seconds=0.0")) }

// CheckFile is Check for a file at any path, such as a generated document.
func CheckFile(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if string(got) != string(want) {
		t.Errorf("output differs from %s\n--- got\n%s\n--- want\n%s", path, got, want)
	}
}
