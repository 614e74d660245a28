package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestVersionInBothNotations(t *testing.T) {
	for text, python := range map[string]string{
		"1.2.3": "1.2.3", "0.10.0-rc.1": "0.10.0rc1", "1.0.0-alpha.12": "1.0.0a12", "2.0.0-beta.3": "2.0.0b3",
	} {
		if got, err := parseVersion(text); err != nil || got != (version{text, python}) {
			t.Errorf("%q: %q, %v; want %q", text, got.python, err, python)
		}
	}
	for _, text := range []string{"", "v1.2.3", "1.2", "1.2.3-dev", "1.2.3\n", "1.2.3+local"} {
		if got, err := parseVersion(text); err == nil {
			t.Errorf("%q is taken as %q", text, got.python)
		}
	}
}

func TestTargetsAreChosenByName(t *testing.T) {
	if all, err := chooseTargets(""); err != nil || len(all) != len(targets) {
		t.Errorf("no name chooses %v, %v; want all", all, err)
	}
	if some, err := chooseTargets("linux/arm64,windows/amd64"); err != nil || fmt.Sprint(some) != "[linux/arm64 windows/amd64]" {
		t.Errorf("two names choose %v, %v", some, err)
	}
	if _, err := chooseTargets("linux/sparc"); err == nil || !strings.Contains(err.Error(), "linux/sparc") {
		t.Errorf("the error is %v, want one that names the target", err)
	}
}

var sample = []file{{"b/deep", []byte("data"), 0o644}, {"a", bytes.Repeat([]byte("program"), 999), 0o755}}

// listTar describes each file of a .tar.gz archive in a line.
func listTar(t *testing.T, archive []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	if z.Name != "" || !z.ModTime.IsZero() {
		t.Errorf("the archive tells its name %q and time %v", z.Name, z.ModTime)
	}
	var b strings.Builder
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return b.String()
		} else if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %o %d %s %d %q\n", h.Name, h.Mode, len(data), h.ModTime.UTC().Format("2006-01-02"), h.Uid, h.Uname)
	}
}

// listZip describes each file of a zip archive in a line, as listTar does.
func listZip(t *testing.T, archive []byte) string {
	var b strings.Builder
	for _, f := range filesOfZip(t, archive) {
		fmt.Fprintf(&b, "%s %o %d %s 0 %q\n", f.name, f.mode, len(f.data), f.modified, "")
	}
	return b.String()
}

type zippedFile struct {
	file
	modified string // a date
}

func filesOfZip(t *testing.T, archive []byte) []zippedFile {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var files []zippedFile
	for _, f := range r.File {
		w, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(w)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, zippedFile{file{f.Name, data, f.Mode()}, f.Modified.UTC().Format("2006-01-02")})
	}
	return files
}

func TestArchivesDependOnTheFilesAlone(t *testing.T) {
	for name, test := range map[string]struct {
		pack func([]file) ([]byte, error)
		list func(*testing.T, []byte) string
	}{"tar.gz": {tarGz, listTar}, "zip": {zipSorted, listZip}} {
		t.Run(name, func(t *testing.T) {
			one, err := test.pack(sample)
			if err != nil {
				t.Fatal(err)
			}
			other, err := test.pack([]file{sample[1], sample[0]})
			if err != nil || !bytes.Equal(one, other) {
				t.Errorf("another order of the files makes another archive (%v)", err)
			}
			want := "a 755 6993 1980-01-01 0 \"\"\nb/deep 644 4 1980-01-01 0 \"\"\n"
			if got := test.list(t, one); got != want {
				t.Errorf("the archive holds\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestWheel(t *testing.T) {
	binary := []byte("\x7fELF program")
	for _, target := range targets {
		t.Run(target.String(), func(t *testing.T) {
			name, data, err := wheel(target, version{"1.2.3-rc.1", "1.2.3rc1"}, binary, []byte("# Reads\n"), []byte("Do as you like\n"))
			if err != nil {
				t.Fatal(err)
			}
			if want := "anytap-1.2.3rc1-py3-none-" + strings.Join(target.wheel, ".") + ".whl"; name != want {
				t.Errorf("the name is %s, want %s", name, want)
			}
			files := map[string]string{}
			for _, f := range filesOfZip(t, data) {
				files[f.name] = string(f.data)
			}
			script := "anytap-1.2.3rc1.data/scripts/" + target.executable()
			if files[script] != string(binary) {
				t.Errorf("%s is not the program", script)
			}
			checkRecord(t, files)
			checkMetadata(t, files)
			if n := strings.Count(files["anytap-1.2.3rc1.dist-info/WHEEL"], "\nTag: py3-none-"); n != len(target.wheel) {
				t.Errorf("the wheel has %d tags, want %d", n, len(target.wheel))
			}
		})
	}
}

// checkMetadata wants the metadata to name the package and its license, whose text must be where
// PEP 639 has it, and to end with the README.
func checkMetadata(t *testing.T, files map[string]string) {
	t.Helper()
	const info = "anytap-1.2.3rc1.dist-info/"
	m := files[info+"METADATA"]
	for _, want := range []string{"\nName: anytap\nVersion: 1.2.3rc1\n", "\nLicense-Expression: Apache-2.0\nLicense-File: LICENSE\n"} {
		if !strings.Contains(m, want) {
			t.Errorf("the metadata lacks %q:\n%s", want, m)
		}
	}
	if !strings.HasSuffix(m, "\n\n# Reads\n") {
		t.Errorf("the metadata does not end with the README:\n%s", m)
	}
	if files[info+"licenses/LICENSE"] != "Do as you like\n" {
		t.Error("the license is missing")
	}
}

// checkRecord wants RECORD to list each file of the wheel with its hash and size.
func checkRecord(t *testing.T, files map[string]string) {
	t.Helper()
	name := "anytap-1.2.3rc1.dist-info/RECORD"
	lines := strings.Split(strings.TrimSpace(files[name]), "\n")
	if len(lines) != len(files) {
		t.Errorf("RECORD has %d lines for %d files", len(lines), len(files))
	}
	for _, line := range lines {
		file, _, _ := strings.Cut(line, ",")
		want := name + ",,"
		if file != name {
			sum := sha256.Sum256([]byte(files[file]))
			want = fmt.Sprintf("%s,sha256=%s,%d", file, base64.RawURLEncoding.EncodeToString(sum[:]), len(files[file]))
		}
		if line != want {
			t.Errorf("RECORD has\n%s\nwant\n%s", line, want)
		}
	}
}

// TestBillOfMaterials makes the bill of the test's own program.
func TestBillOfMaterials(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	text, err := billOfMaterials(program, version{"1.2.3", "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	var d bomDocument
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if c := d.Metadata.Component; c.PURL != "pkg:golang/anytap@1.2.3" || c.Type != "application" || fmt.Sprint(c.Licenses) != "[{Apache-2.0}]" {
		t.Errorf("the program is %+v", c)
	}
	if len(d.Components) == 0 || !strings.HasPrefix(d.Components[0].PURL, "pkg:golang/stdlib@1.") || len(d.Dependencies[0].DependsOn) != len(d.Components) {
		t.Errorf("components are %+v, dependencies %+v", d.Components, d.Dependencies)
	}
	if _, err := billOfMaterials(strings.NewReader("no program"), version{}); err == nil {
		t.Error("a text that is no program has a bill")
	}
	if _, err := billOfMaterials(readerAt{}, version{}); err == nil {
		t.Error("a program that can not be read has a bill")
	}
}

// readerAt can not be read.
type readerAt struct{}

func (readerAt) ReadAt(p []byte, _ int64) (int, error) {
	return iotest.ErrReader(io.ErrUnexpectedEOF).Read(p)
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	for name, args := range map[string][]string{
		"no version":     {},
		"unknown target": {"--version", "1.2.3", "--targets", "plan9/386"},
		"unknown flag":   {"--verbose"},
		"wrong folder":   {"--version", "1.2.3", "--out", filepath.Join(t.TempDir(), "x")}, // the test does not run in the root
	} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
