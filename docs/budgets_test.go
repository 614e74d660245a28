package docs

import (
	"go/ast"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// The budgets of the house. Tests are not counted.
const (
	linesOfFile     = 400
	linesOfFunction = 60
	linesOfPackage  = 7000
	filesOfPackage  = 40
	commentColumns  = 100 // of a comment that has its line to itself; a tab counts as four
)

func TestBudgetsHold(t *testing.T) {
	t.Parallel()
	type size struct{ files, lines int }
	packages := map[string]size{}
	for _, f := range sourceFiles(t) {
		if f.isTest() {
			continue
		}
		lines := strings.Count(f.text, "\n")
		if lines > linesOfFile {
			t.Errorf("%s has %d lines, at most %d", f.path, lines, linesOfFile)
		}
		p := packages[path.Dir(f.path)]
		packages[path.Dir(f.path)] = size{p.files + 1, p.lines + lines}
		for _, d := range f.parsed.Decls {
			function, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if function.Name.Name == "init" && function.Recv == nil {
				t.Errorf("%s:%d: init hides what a program does before main", f.path, f.line(d.Pos()))
			}
			if n := f.line(d.End()) - f.line(d.Pos()) + 1; n > linesOfFunction {
				t.Errorf("%s:%d: %s has %d lines, at most %d", f.path, f.line(d.Pos()), function.Name.Name, n, linesOfFunction)
			}
		}
	}
	for name, p := range packages {
		if p.files > filesOfPackage || p.lines > linesOfPackage {
			t.Errorf("%s has %d files with %d lines, at most %d with %d", name, p.files, p.lines, filesOfPackage, linesOfPackage)
		}
	}
}

// TestCommentsHaveOneWidth measures comments that have their lines to themselves. Indented blocks
// of them, such as examples of manifests, and directives may be wider.
func TestCommentsHaveOneWidth(t *testing.T) {
	t.Parallel()
	for _, f := range sourceFiles(t) {
		lines := strings.Split(f.text, "\n")
		for _, group := range f.parsed.Comments {
			if strings.Contains(group.Text(), "Output:") {
				continue // what an example prints
			}
			for _, c := range group.List {
				n := f.line(c.Pos())
				line := lines[n-1]
				prose := strings.HasPrefix(c.Text, "// ") && !strings.HasPrefix(c.Text, "//  ")
				if !prose || strings.TrimLeft(line, "\t ") != c.Text || !strings.Contains(strings.TrimPrefix(c.Text, "// "), " ") {
					continue
				}
				if columns := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t"); columns > commentColumns {
					t.Errorf("%s:%d: the comment has %d columns, at most %d", f.path, n, columns, commentColumns)
				}
			}
		}
	}
}
