package components

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"anytap/internal/manifest"
)

func TestEveryTypeOfTheComponentSchemaIsAccountedFor(t *testing.T) {
	table := Table()
	for _, name := range manifest.TypeNames {
		_, supported := table[name]
		reason, listed := Unsupported[name]
		switch {
		case supported && listed:
			t.Errorf("%s is in the table and in the list of what is unsupported", name)
		case !supported && !listed:
			t.Errorf("%s is neither in the table nor in the list of what is unsupported", name)
		case listed && reason == "":
			t.Errorf("%s is unsupported without a reason", name)
		}
	}
}

func TestDefinitionsCanBeDescribed(t *testing.T) {
	for name, entry := range Table() {
		if entry.Definition == nil {
			continue
		}
		for _, f := range manifest.Describe(entry.Definition()) {
			if f.Doc == "" {
				t.Errorf("%s.%s has no doc", name, f.Name)
			}
		}
	}
}

var update = flag.Bool("update", false, "write the document anew")

// docsFile is generated from the table, the definitions and the comments above them.
const docsFile = "../../docs/components.md"

func TestComponentsDocument(t *testing.T) {
	got := componentsDocument(t)
	if *update {
		if err := os.WriteFile(docsFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go test ./internal/components -update", docsFile)
	}
}

func componentsDocument(t *testing.T) []byte {
	comments := definitionComments(t)
	byKind := map[string][]string{}
	table := Table()
	for name, entry := range table {
		byKind[kindOf(entry)] = append(byKind[kindOf(entry)], name)
	}
	var b bytes.Buffer
	b.WriteString("# Components\n\nWhat a low-code manifest may be made of, by kind. Generated from the table; do not edit.\n\n")
	fmt.Fprintf(&b, "%d types are run; those at the end are not, each with the reason.\n", len(table))
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		fmt.Fprintf(&b, "\n## %s\n", kind)
		names := byKind[kind]
		slices.Sort(names)
		for _, name := range names {
			writeComponent(&b, name, table[name], comments)
		}
	}
	b.WriteString("\n## Not run\n\n| type | why |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(Unsupported)) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, Unsupported[name])
	}
	return b.Bytes()
}

func writeComponent(b *bytes.Buffer, name string, entry manifest.Entry, comments map[string]string) {
	fmt.Fprintf(b, "\n### %s\n", name)
	if entry.Definition == nil {
		return
	}
	definition := entry.Definition()
	if snippet := comments[typeOf(definition).String()]; snippet != "" {
		fmt.Fprintf(b, "\n```yaml\n%s\n```\n", snippet)
	}
	fields := manifest.Describe(definition)
	if len(fields) == 0 {
		return
	}
	b.WriteString("\n| field | holds | default | is |\n|---|---|---|---|\n")
	for _, f := range fields {
		fallback := f.Default
		if f.Required {
			fallback = "required"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, cell(f.Shapes), cell(fallback), cell(f.Doc))
	}
}

func cell(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "|", "\\|"), "\n", " ") }

func typeOf(definition any) reflect.Type {
	typ := reflect.TypeOf(definition)
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	return typ
}

func kindOf(entry manifest.Entry) string {
	if entry.Definition == nil {
		return "lists"
	}
	return filepath.Base(typeOf(entry.Definition()).PkgPath())
}

// definitionComments gives the manifest snippet in the comment above each definition, by the type's name with its package's.
func definitionComments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	snippets := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for _, group := range parsed.Comments {
			if s := snippetOf(group); s != "" {
				last = s
			}
		}
		for _, d := range parsed.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				name := parsed.Name.Name + "." + spec.(*ast.TypeSpec).Name.Name
				snippets[name] = snippetOf(g.Doc)
				if snippets[name] == "" && strings.HasSuffix(strings.ToLower(name), "definition") {
					snippets[name] = last
				}
			}
		}
	}
	return snippets
}

// snippetOf is the indented part of a comment.
func snippetOf(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var lines []string
	for _, c := range group.List {
		if line, ok := strings.CutPrefix(c.Text, "//\t"); ok {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestExamplesParse reads the example of each component as YAML.
func TestExamplesParse(t *testing.T) {
	comments := definitionComments(t)
	for name, entry := range Table() {
		if entry.Definition == nil || comments[typeOf(entry.Definition()).String()] == "" {
			continue
		}
		snippet := strings.ReplaceAll(comments[typeOf(entry.Definition()).String()], "…", "")
		snippet = strings.ReplaceAll(snippet, "...", "")
		if _, err := manifest.Parse(name, []byte(snippet)); err != nil {
			t.Errorf("%s: the example is no YAML: %v\n%s", name, err, snippet)
			continue
		}
	}
}
