package components

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// dependent are the components that can not be built alone, with what they need around them.
var dependent = map[string]string{
	"LegacySessionTokenAuthenticator":        "a requester with an address",
	"LegacyToPerPartitionStateMigration":     "a stream with a partition router",
	"SessionTokenRequestApiKeyAuthenticator": "a SessionTokenAuthenticator",
	"SessionTokenRequestBearerAuthenticator": "a SessionTokenAuthenticator",
}

// TestComponentsHaveExamples wants an indented block in the doc comment of each definition, for
// docs/components.md. It must be right where it stands in a manifest, and is built unless it leaves
// something out.
func TestComponentsHaveExamples(t *testing.T) {
	t.Parallel()
	examples := examplesOf(t)
	for name, entry := range Table() {
		if entry.Definition == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typ := typeOf(entry.Definition()).String()
			err := errors.New("there is none")
			if example := examples[typ]; example != "" {
				err = checkExample(name, example)
			}
			if err != nil {
				t.Errorf("the example in the doc comment of %s: %v\n%s", typ, err, examples[typ])
			}
		})
	}
}

func TestWrongExamplesAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ component, example, want string }{
		"no YAML":                  {"KeysReplace", "type: [", "did not find"},
		"another type":             {"KeysReplace", "type: KeysToLower", "can not stand here"},
		"no type":                  {"KeysReplace", "old: a\nnew: b", "has no type"},
		"in the field that has it": {"JsonDecoder", "decoder:\n  type: JsonDecoder", "has no type"},
		"an unknown field":         {"KeysReplace", "type: KeysReplace\nold: a\nnew: b\nnever: c", `no field "never"`},
		"a missing field":          {"KeysReplace", "type: KeysReplace\nold: a", `needs the field "new"`},
		"a wrong part":             {"GzipDecoder", "type: GzipDecoder\ndecoder: {type: CsvDecoder, delimiter: []}", "expected text"},
		"a wrong template":         {"KeysReplace", "type: KeysReplace\nold: a\nnew: \"{{ b\"", "template"},
		"only the builder knows":   {"AddFields", "type: AddFields\nfields: [{path: [], value: a}]", "path"},
		"left out":                 {"GzipDecoder", "type: GzipDecoder\ndecoder: {type: CsvDecoder, …}", ""},
		"wrong beside a gap":       {"GzipDecoder", "type: GzipDecoder\ndecoder: {type: Csv, …}", "Csv"},
	} {
		err := checkExample(c.component, c.example)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func checkExample(name, example string) error {
	root, err := manifestWith(name, example)
	if err != nil {
		return err
	}
	problems := manifest.Check(manifest.NewCompiler(tableWith(name), nil), root)
	for _, p := range problems {
		if !leftOut(p, problems) {
			return p
		}
	}
	entry, n := Table()[name], root
	if name != rootName {
		n = root.Get("example")
	}
	if got, want := n.Type(), cmp.Or(entry.Type, name); got != want && !untyped(entry) {
		return fmt.Errorf("its type is %q, want %q", got, want)
	}
	if _, alone := dependent[name]; len(problems) > 0 || alone || entry.Build == nil {
		return nil
	}
	rt := resttest.Runtime(nil, resttest.NewClock())
	rt.Config = value.DictOf("tokens", "a,b", "calls_per_minute", int64(60))
	c := manifest.NewCompiler(Table(), rt.Config)
	c.Now, c.Log = rt.Now, rt.Log
	manifest.Provide(c, rt)
	_, err = manifest.BuildAs[any](c, n, name)
	return err
}

// leftOut tells whether an example shows with "…" that it leaves out what p complains about.
func leftOut(p *manifest.Problem, all manifest.Problems) bool {
	return strings.HasSuffix(p.Path, ".…") || slices.ContainsFunc(all, func(q *manifest.Problem) bool { return q.Path == p.Path+".…" })
}

// untyped tells whether a manifest may write the component without its type.
func untyped(entry manifest.Entry) bool {
	marker, ok := typeOf(entry.Definition()).FieldByName("_")
	return ok && (strings.Contains(marker.Tag.Get("manifest"), ",untyped") || strings.Contains(marker.Tag.Get("manifest"), ",typeoptional"))
}

// rootName is the component that a whole manifest is.
const rootName = "DeclarativeSource"

// tableWith is the table with another root, whose field example holds the component name.
func tableWith(name string) manifest.Table {
	if name == rootName {
		return Table()
	}
	table := Table()
	root := reflect.New(reflect.StructOf([]reflect.StructField{
		{Name: "Example", Type: reflect.TypeFor[*manifest.Node](), Tag: reflect.StructTag(fmt.Sprintf(`manifest:"example,required,is=%s"`, name))},
		{Name: "Definitions", Type: reflect.TypeFor[any](), Tag: `manifest:"definitions"`},
	})).Elem().Interface()
	table[rootName] = manifest.Entry{Definition: func() any { return root }}
	return table
}

var reference = regexp.MustCompile(`#/definitions/(\w+)`)

// manifestWith is a manifest with the example in it, and the streams that it refers to.
func manifestWith(name, example string) (*manifest.Node, error) {
	var text strings.Builder
	if name == rootName {
		text.WriteString(example)
	} else {
		text.WriteString("type: DeclarativeSource\nexample:\n  " + strings.ReplaceAll(example, "\n", "\n  ") + "\n")
	}
	if named := reference.FindAllStringSubmatch(example, -1); len(named) > 0 {
		text.WriteString("definitions:\n")
		for _, match := range named {
			fmt.Fprintf(&text, "  %s: {type: DeclarativeStream, name: %[1]s, retriever: {type: SimpleRetriever, requester: {type: HttpRequester, url: \"https://api.example.com\"}, "+
				"record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}}}\n", match[1])
		}
	}
	n, err := manifest.Parse("", []byte(text.String()))
	if err != nil {
		return nil, err
	}
	return manifest.Resolve(n)
}

// examplesOf gives the example in the doc comment of each type, by the type's name with its
// package's; "" where there is none.
func examplesOf(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				s := spec.(*ast.TypeSpec)
				examples[parsed.Name.Name+"."+s.Name.Name] = cmp.Or(indented(s.Doc), indented(g.Doc))
			}
		}
	}
	return examples
}

// indented is the first indented block of a comment.
func indented(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	var lines []string
	for _, c := range doc.List {
		line, ok := strings.CutPrefix(c.Text, "//\t")
		if !ok && len(lines) > 0 {
			break
		}
		if ok {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
