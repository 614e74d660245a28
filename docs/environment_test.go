package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocumentsListTheVariables holds the table of variables of the environment: it has all that
// the program reads by their names, and no others.
func TestDocumentsListTheVariables(t *testing.T) {
	t.Parallel()
	_, table, _ := strings.Cut(document(t, "configuration.md"), "## Variables of the environment")
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?`) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range regexp.MustCompile("`([A-Z_]+)`").FindAllStringSubmatch(row[1], -1) {
			listed = append(listed, name[1])
		}
	}
	if len(listed) < 10 {
		t.Fatalf("only %q were found", listed)
	}
	named := regexp.MustCompile(`"([A-Z][A-Z_]*[A-Z])"`)
	read := regexp.MustCompile(`"ANYTAP_[A-Z_]*[A-Z]"|(?:[gG]etenv|LookupEnv|firstVariable)\("[^)]*\)`)
	byGo := []string{"SSL_CERT_FILE", "SSL_CERT_DIR"}
	known := byGo
	for _, f := range sourceFiles(t) {
		if f.isTest() || strings.HasPrefix(f.path, "packaging/") || strings.HasPrefix(f.path, "internal/manifest/parity/") {
			continue
		}
		for _, call := range read.FindAllString(f.text, -1) {
			for _, name := range named.FindAllStringSubmatch(call, -1) {
				if !slices.Contains(listed, name[1]) {
					t.Errorf("%s reads %s, which docs/configuration.md does not list", f.path, name[1])
				}
			}
		}
		for _, name := range named.FindAllStringSubmatch(f.text, -1) {
			known = append(known, name[1])
		}
	}
	for _, name := range listed {
		if !slices.Contains(known, name) {
			t.Errorf("docs/configuration.md lists %s, which nothing reads", name)
		}
	}
}
