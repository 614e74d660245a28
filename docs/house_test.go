package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// sourceFile is one Go file of the module.
type sourceFile struct {
	path   string // from the repository's folder, with slashes
	text   string
	fset   *token.FileSet
	parsed *ast.File
}

func (f *sourceFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f *sourceFile) line(p token.Pos) int { return f.fset.Position(p).Line }

// sourceFiles gives all Go files of the module, tests among them. They are read once.
func sourceFiles(t *testing.T) []*sourceFile {
	t.Helper()
	files, err := readSources()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var readSources = sync.OnceValues(func() (files []*sourceFile, err error) {
	err = filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel("..", name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if d.IsDir() {
			if slices.Contains(otherModules, relative) || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && relative != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f := &sourceFile{path: relative, text: string(text), fset: token.NewFileSet()}
		f.parsed, err = parser.ParseFile(f.fset, name, text, parser.ParseComments)
		files = append(files, f)
		return err
	})
	return files, err
})

// TestPackagesSayWhatTheyAre wants one package comment for each package, as go doc shows it.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, f := range sourceFiles(t) {
		folder := path.Dir(f.path)
		if _, seen := said[folder]; !seen {
			said[folder] = ""
		}
		if f.parsed.Doc == nil || strings.HasSuffix(f.parsed.Name.Name, "_test") {
			continue
		}
		if said[folder] != "" {
			t.Errorf("%s: the package has a comment here and in %s", f.path, said[folder])
		}
		said[folder] = f.path
		want := "Package " + f.parsed.Name.Name + " "
		if f.parsed.Name.Name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(f.parsed.Doc.Text(), want) {
			t.Errorf("%s: the package's comment begins with %.30q, expected %q", f.path, f.parsed.Doc.Text(), want)
		}
	}
	for folder, where := range said {
		if where == "" {
			t.Errorf("%s: the package has no comment", folder)
		}
	}
}

// poorNames say nothing of what is inside.
var poorNames = regexp.MustCompile(`^(utils?|common|helpers?|managers?|misc|shared|types|constants|base|lib)$`)

func TestNamesSayWhatIsInside(t *testing.T) {
	t.Parallel()
	for _, f := range sourceFiles(t) {
		name := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.path), ".go"), "_test")
		if poorNames.MatchString(name) || poorNames.MatchString(f.parsed.Name.Name) {
			t.Errorf("%s (package %s): the name says nothing of what is inside", f.path, f.parsed.Name.Name)
		}
	}
}

var markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)

func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(documents, more...) {
		data, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range markdownLink.FindAllStringSubmatch(string(data), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", document, m[1])
			}
		}
	}
}

// TestArchitectureNamesEveryPackage holds that a reader of docs/architecture.md learns of each
// package.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range layers {
		name = strings.Replace(name, "/*", "/<kind>", 1)
		if name != "." && !strings.Contains(string(data), "`"+name+"`") {
			t.Errorf("docs/architecture.md says nothing of %s", name)
		}
	}
}
