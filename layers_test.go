package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers says what each package may import of ours; a package that is not listed must be added with its reason to be.
var layers = map[string][]string{
	"rawjson":         {},
	"value":           {"rawjson"},
	"jinja":           {"value"},
	"state":           {"value"},
	"tap":             {"state", "value"},
	"tap/taptest":     {"state", "tap", "value"},
	"golden":          {},
	"message":         {"tap", "value"},
	"airbyte":         {"message", "state", "tap", "value"},
	"singer":          {"message", "state", "tap", "value"},
	"rest":            {"jinja", "rawjson", "state", "tap", "value"},
	"rest/resttest":   {"jinja", "rest", "state", "tap", "value"},
	"manifest":        {"jinja", "value"},
	"streams":         {},
	"schemas":         {},
	"restsource":      {"value"},
	"sampleapi":       {},
	"components":      {"components/*", "manifest", "rest", "tap", "value"},
	"components/kind": {"dpath", "jinja", "manifest", "rawjson", "rest", "state", "tap", "text", "value"},
	"dpath":           {"jinja", "value"},
	"text":            {},
	"release":         {},
	"docs/plots":      {}, // a module of its own
}

// TestImportsPointOneWay holds the layers; tests may import what they like.
func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && (d.Name() == "examples" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != ".") {
				return filepath.SkipDir
			}
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(file))
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || folder == "." {
			return nil
		}
		layer := folder
		if path.Dir(folder) == "components" {
			layer = "components/kind"
		}
		allowed, known := layers[layer]
		if !known {
			t.Errorf("%s: the package has no place in the layers", file)
			return nil
		}
		return checkImports(t, file, allowed)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImports(t *testing.T, file string, allowed []string) error {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
next:
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		ours, ok := strings.CutPrefix(name, "anytap/")
		if !ok {
			continue
		}
		for _, pattern := range allowed {
			if match, _ := path.Match(pattern, ours); match {
				continue next
			}
		}
		t.Errorf("%s imports %s, which lies above or beside it", file, name)
	}
	return nil
}
