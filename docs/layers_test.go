// Package docs tests that the documents of this folder are true of the code.
package docs

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which of our packages each package may import. A package that is not listed must be
// added, with its place in docs/architecture.md. "internal/components/*" stands for each kind of
// component.
var layers = map[string][]string{
	".":                              {"internal/cli"},
	"streams":                        {},
	"schemas":                        {},
	"state":                          {"internal/value"},
	"internal/cli":                   {"internal/airbyte", "internal/components", "internal/config", "internal/files", "internal/frontend", "internal/initialize", "internal/manifest", "internal/manifest/yaml11", "internal/preview", "internal/registry", "internal/rest/exchange", "internal/restsource", "internal/sampleapi", "internal/singer", "internal/spelling", "internal/statefile", "internal/tap", "internal/target", "internal/value", "schemas", "state", "streams"},
	"internal/airbyte":               {"internal/config", "internal/frontend", "internal/statefile", "internal/tap", "internal/value", "state"},
	"internal/singer":                {"internal/config", "internal/fit", "internal/frontend", "internal/manifest/yaml11", "internal/singer/streammap", "internal/spelling", "internal/statefile", "internal/tap", "internal/value", "state"},
	"internal/singer/streammap":      {"internal/python", "internal/python/exception", "internal/python/pytext", "internal/python/simpleeval", "internal/tap", "internal/value"},
	"internal/config":                {"internal/files", "internal/fit", "internal/manifest/yaml11", "internal/redact", "internal/tap", "internal/value"},
	"internal/frontend":              {"internal/config", "internal/fit", "internal/rawjson", "internal/spelling", "internal/statefile", "internal/tap", "internal/value", "state"},
	"internal/preview":               {"internal/config", "internal/frontend", "internal/tap", "internal/value", "state"},
	"internal/statefile":             {"internal/files", "internal/spelling", "internal/tap", "internal/value", "state"},
	"internal/target":                {"internal/tap", "internal/value"},
	"internal/fit":                   {"internal/rawjson", "internal/value"},
	"internal/tap":                   {"internal/rawjson", "internal/value", "state"},
	"internal/tap/taptest":           {"internal/golden", "internal/tap", "internal/value", "state"},
	"internal/components":            {"internal/components/*", "internal/manifest", "internal/python/pyre", "internal/redact", "internal/rest", "internal/rest/exchange", "internal/rest/paging", "internal/spelling", "internal/tap", "internal/value"},
	"internal/components/*":          {"internal/components/contract", "internal/dpath", "internal/files", "internal/fit", "internal/jinja", "internal/manifest", "internal/python/exception", "internal/python/number", "internal/python/pyre", "internal/python/pytext", "internal/python/pytime", "internal/rawjson", "internal/rest", "internal/rest/exchange", "internal/rest/jobs", "internal/rest/paging", "internal/rest/signs", "internal/rest/ways", "internal/rest/wire", "internal/spelling", "internal/tap", "internal/text", "internal/value", "state"},
	"internal/rest":                  {"internal/jinja", "internal/python/exception", "internal/rawjson", "internal/tap", "internal/value", "state"},
	"internal/rest/wire":             {"internal/rest", "internal/tap", "internal/value"},
	"internal/rest/exchange":         {"internal/files", "internal/rawjson", "internal/redact", "internal/rest", "internal/rest/wire", "internal/tap", "internal/value"},
	"internal/rest/signs":            {"internal/rest", "internal/value"},
	"internal/rest/paging":           {"internal/jinja", "internal/python/pyre", "internal/rawjson", "internal/rest", "internal/rest/signs", "internal/spelling", "internal/tap", "internal/value", "state"},
	"internal/rest/ways":             {"internal/rest", "internal/rest/signs", "internal/tap", "internal/value"},
	"internal/rest/jobs":             {"internal/jinja", "internal/rest", "internal/tap", "internal/value"},
	"internal/rest/resttest":         {"internal/rest", "internal/rest/exchange", "internal/rest/paging", "internal/tap", "internal/value", "state"},
	"internal/files":                 {},
	"internal/redact":                {},
	"internal/manifest":              {"internal/jinja", "internal/manifest/yaml11", "internal/python/number", "internal/spelling", "internal/value"},
	"internal/manifest/manifesttest": {"internal/manifest"},
	"internal/manifest/parity":       {"internal/value"},
	"internal/manifest/yaml11":       {"internal/value"},

	"internal/jinja":             {"internal/jinja/syntax", "internal/python", "internal/python/*", "internal/value"},
	"internal/jinja/syntax":      {"internal/python", "internal/python/exception", "internal/python/number", "internal/python/pytext"},
	"internal/python/simpleeval": {"internal/python", "internal/python/*", "internal/value"},
	"internal/python/expression": {"internal/python", "internal/python/number", "internal/python/pytext", "internal/value"},
	"internal/python/method":     {"internal/python", "internal/python/exception", "internal/python/format", "internal/python/number", "internal/python/operator", "internal/python/pytext", "internal/python/pytime", "internal/value"},
	"internal/python/literal":    {"internal/python", "internal/python/number", "internal/python/operator", "internal/python/pytext", "internal/value"},
	"internal/python/operator":   {"internal/python", "internal/python/exception", "internal/python/format", "internal/python/number", "internal/python/pytext", "internal/python/pytime", "internal/value"},
	"internal/python/format":     {"internal/python", "internal/python/exception", "internal/python/number", "internal/python/pytext", "internal/python/pytime", "internal/value"},
	"internal/python/pytime":     {"internal/python", "internal/python/exception", "internal/python/number", "internal/python/pytext", "internal/value"},
	"internal/python":            {"internal/python/exception", "internal/python/number", "internal/python/pytext", "internal/value"},
	"internal/python/number":     {"internal/python/exception", "internal/python/pytext", "internal/value"},
	"internal/python/pyre":       {"internal/python/exception", "internal/python/pytext", "internal/value"},
	"internal/python/pytext":     {"internal/python/exception", "internal/value"},
	"internal/python/exception":  {},

	"internal/value":      {"internal/rawjson"},
	"internal/rawjson":    {},
	"internal/spelling":   {"internal/value"},
	"internal/dpath":      {"internal/python/number", "internal/value"},
	"internal/text":       {},
	"internal/restsource": {"internal/value"},
	"internal/initialize": {"internal/config", "internal/files", "internal/manifest/yaml11", "internal/redact", "internal/tap", "internal/value"},
	"internal/registry":   {"internal/files", "internal/manifest/yaml11", "internal/rest/exchange", "internal/spelling", "internal/value"},
	"internal/sampleapi":  {},
	"internal/golden":     {},
	"packaging/release":   {"internal/cli"},

	// Suites of tests that every implementation of a contract passes.
	"internal/suite": {},
	"internal/components/contract/contracttest": {"internal/suite", "internal/tap", "internal/value"},
}

// otherModules are folders whose packages belong to modules of their own.
var otherModules = []string{"chaos", "docs/plots", "examples"}

// TestImportsPointOneWay holds the layers, and lists no arrow that nobody uses. Tests may import
// what they like.
func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	used := map[string]map[string]bool{}
	for folder, imports := range importsOfPackages(t) {
		layer := folder
		if _, listed := layers[folder]; !listed && path.Dir(folder) == "internal/components" {
			layer = "internal/components/*"
		}
		allowed, listed := layers[layer]
		if !listed {
			t.Errorf("%s has no place in the layers", folder)
			continue
		}
		if used[layer] == nil {
			used[layer] = map[string]bool{}
		}
		for _, imported := range imports {
			i := slices.IndexFunc(allowed, func(pattern string) bool { match, _ := path.Match(pattern, imported); return match })
			if i < 0 {
				t.Errorf("%s imports %s, which lies above or beside it", folder, imported)
				continue
			}
			used[layer][allowed[i]] = true
		}
	}
	for layer, allowed := range layers {
		for _, pattern := range allowed {
			if !used[layer][pattern] {
				t.Errorf("nothing in %s imports %s: take it from the list", layer, pattern)
			}
		}
	}
}

// importsOfPackages gives the packages of ours that each folder's code imports, tests aside, by
// folder.
func importsOfPackages(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	for _, f := range sourceFiles(t) {
		if f.isTest() {
			continue
		}
		folder := path.Dir(f.path)
		all := imports[folder]
		for _, i := range f.parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ours, ok := strings.CutPrefix(name, "anytap/"); ok && !slices.Contains(all, ours) {
				all = append(all, ours)
			}
		}
		imports[folder] = all
	}
	return imports
}

// TestTheProgramStartsOnlyTheTarget: no process but the one that --target names, so that no child
// can have a secret among its arguments, and no manifest can run a command.
func TestTheProgramStartsOnlyTheTarget(t *testing.T) {
	t.Parallel()
	tools := []string{"packaging/release", "internal/manifest/parity", "internal/target"}
	for _, f := range sourceFiles(t) {
		folder := path.Dir(f.path)
		ours := folder == "." || strings.HasPrefix(folder, "internal/") || folder == "state" || folder == "streams" || folder == "schemas"
		if f.isTest() || !ours || slices.Contains(tools, folder) {
			continue
		}
		for _, i := range f.parsed.Imports {
			if i.Path.Value == `"os/exec"` || i.Path.Value == `"plugin"` {
				t.Errorf("%s imports %s", f.path, i.Path.Value)
			}
		}
	}
}

// TestCertificatesAreAlwaysVerified: no code of the program can connect without verification, so no
// manifest or setting can ask for it.
func TestCertificatesAreAlwaysVerified(t *testing.T) {
	t.Parallel()
	for _, f := range sourceFiles(t) {
		if !f.isTest() && strings.Contains(f.text, "Insecure"+"SkipVerify") {
			t.Errorf("%s connects without verifying certificates", f.path)
		}
	}
}
