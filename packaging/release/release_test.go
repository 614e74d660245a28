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

func TestVersions(t *testing.T) {
	for text, want := range map[string]string{
		"1.2.3": "1.2.3", "0.10.0-rc.1": "0.10.0rc1", "1.0.0-alpha.12": "1.0.0a12", "2.0.0-beta.3": "2.0.0b3",
		"": "", "v1.2.3": "", "1.2": "", "1.2.3-dev": "", "1.2.3\n": "", "1.2.3+local": "",
	} {
		got, err := parseVersion(text)
		if got.python != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", text, got.python, err, want)
		}
	}
}

func TestTargets(t *testing.T) {
	if all, err := chooseTargets(""); err != nil || len(all) != len(targets) {
		t.Errorf("%v, %v", all, err)
	}
	if some, err := chooseTargets("linux/arm64,windows/amd64"); err != nil || fmt.Sprint(some) != "[linux/arm64 windows/amd64]" {
		t.Errorf("%v, %v", some, err)
	}
	if _, err := chooseTargets("linux/sparc"); err == nil || !strings.Contains(err.Error(), "linux/sparc") {
		t.Errorf("%v, want an error that names it", err)
	}
}

var sample = []file{{"b/deep", []byte("data"), 0o644}, {"a", bytes.Repeat([]byte("program"), 999), 0o755}}

// listing is what an archive holds, as text.
type listing func(t *testing.T, archive []byte) string

func listTar(t *testing.T, archive []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	if z.Name != "" || !z.ModTime.IsZero() {
		t.Errorf("gzip tells its name %q and time %v", z.Name, z.ModTime)
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

func listZip(t *testing.T, archive []byte) string {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range r.File {
		w, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(w)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %o %d %s 0 %q\n", f.Name, f.Mode(), len(data), f.Modified.UTC().Format("2006-01-02"), "")
	}
	return b.String()
}

func TestArchives(t *testing.T) {
	for name, test := range map[string]struct {
		pack func([]file) ([]byte, error)
		list listing
	}{"tar.gz": {tarGz, listTar}, "zip": {zipped, listZip}} {
		t.Run(name, func(t *testing.T) {
			one, err := test.pack(sample)
			if err != nil {
				t.Fatal(err)
			}
			other, err := test.pack([]file{sample[1], sample[0]})
			if err != nil || !bytes.Equal(one, other) {
				t.Errorf("the order of the files counts (%v)", err)
			}
			want := "a 755 6993 1980-01-01 0 \"\"\nb/deep 644 4 1980-01-01 0 \"\"\n"
			if got := test.list(t, one); got != want {
				t.Errorf("%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestWheel(t *testing.T) {
	binary := []byte("\x7fELF program")
	for _, target := range targets {
		t.Run(target.String(), func(t *testing.T) {
			name, data, err := wheel(target, version{"1.2.3-rc.1", "1.2.3rc1"}, binary, []byte("# Reads\n"))
			if err != nil {
				t.Fatal(err)
			}
			if want := "anytap-1.2.3rc1-py3-none-" + strings.Join(target.wheel, ".") + ".whl"; name != want {
				t.Errorf("%s, want %s", name, want)
			}
			files := map[string]string{}
			r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.File {
				w, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(w)
				if err != nil {
					t.Fatal(err)
				}
				files[f.Name] = string(text)
			}
			script := "anytap-1.2.3rc1.data/scripts/" + target.executable()
			if files[script] != string(binary) {
				t.Errorf("%s is not the program", script)
			}
			checkRecord(t, files)
			if m := files["anytap-1.2.3rc1.dist-info/METADATA"]; !strings.Contains(m, "\nName: anytap\nVersion: 1.2.3rc1\n") || !strings.HasSuffix(m, "\n\n# Reads\n") {
				t.Errorf("metadata:\n%s", m)
			}
			if n := strings.Count(files["anytap-1.2.3rc1.dist-info/WHEEL"], "\nTag: py3-none-"); n != len(target.wheel) {
				t.Errorf("%d tags, want %d", n, len(target.wheel))
			}
		})
	}
}

// checkRecord holds that RECORD lists each file of the wheel with its hash and size.
func checkRecord(t *testing.T, files map[string]string) {
	t.Helper()
	name := "anytap-1.2.3rc1.dist-info/RECORD"
	lines := strings.Split(strings.TrimSpace(files[name]), "\n")
	if len(lines) != len(files) {
		t.Errorf("%d lines for %d files", len(lines), len(files))
	}
	for _, line := range lines {
		file, _, _ := strings.Cut(line, ",")
		want := name + ",,"
		if file != name {
			sum := sha256.Sum256([]byte(files[file]))
			want = fmt.Sprintf("%s,sha256=%s,%d", file, base64.RawURLEncoding.EncodeToString(sum[:]), len(files[file]))
		}
		if line != want {
			t.Errorf("%s\nwant %s", line, want)
		}
	}
}

// TestBill takes the bill of this test's own program: its module's dependencies are not in it, the standard library is.
func TestBill(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	text, err := bill(program, version{"1.2.3", "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	var d bomDocument
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if c := d.Metadata.Component; c.PURL != "pkg:golang/anytap@1.2.3" || c.Type != "application" {
		t.Errorf("the program is %+v", c)
	}
	if len(d.Components) == 0 || !strings.HasPrefix(d.Components[0].PURL, "pkg:golang/stdlib@1.") || len(d.Dependencies[0].DependsOn) != len(d.Components) {
		t.Errorf("made of %+v, on which %+v", d.Components, d.Dependencies)
	}
	if _, err := bill(strings.NewReader("no program"), version{}); err == nil {
		t.Error("a text has a bill")
	}
	if _, err := bill(readerAt{}, version{}); err == nil {
		t.Error("what can not be read has a bill")
	}
}

type readerAt struct{}

func (readerAt) ReadAt(p []byte, _ int64) (int, error) {
	return iotest.ErrReader(io.ErrUnexpectedEOF).Read(p)
}

func TestWrongArguments(t *testing.T) {
	for name, args := range map[string][]string{
		"no version":     {},
		"unknown target": {"--version", "1.2.3", "--targets", "plan9/386"},
		"unknown flag":   {"--verbose"},
		"a wrong folder": {"--version", "1.2.3", "--out", filepath.Join(t.TempDir(), "x")}, // this one is not the repository's
	} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
