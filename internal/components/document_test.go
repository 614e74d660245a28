package components

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/manifest"
)

// docsFile is generated from the table, the definitions and their doc comments.
const docsFile = "../../docs/components.md"

func TestComponentsDocument(t *testing.T) {
	golden.CheckFile(t, docsFile, componentsDocument(t))
}

// componentsDocument lists the components that a manifest can write, which are those with a
// definition.
func componentsDocument(t *testing.T) []byte {
	examples, table := examplesOf(t), Table()
	byKind, count := map[string][]string{}, 0
	for name, entry := range table {
		if entry.Definition != nil {
			kind := filepath.Base(typeOf(entry.Definition()).PkgPath())
			byKind[kind] = append(byKind[kind], name)
			count++
		}
	}
	var b bytes.Buffer
	b.WriteString("# Components\n\nWhat a low-code manifest may be made of, by kind. Generated from the table; do not edit.\n\n")
	fmt.Fprintf(&b, "%d types are run; those at the end are not, each with the reason.\n", count)
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		fmt.Fprintf(&b, "\n## %s\n", kind)
		names := byKind[kind]
		slices.Sort(names)
		for _, name := range names {
			writeComponent(&b, name, table[name], examples)
		}
	}
	b.WriteString("\n## Not run\n\n| type | why |\n|---|---|\n")
	reasons := notRun()
	for _, name := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, reasons[name])
	}
	return b.Bytes()
}

func writeComponent(b *bytes.Buffer, name string, entry manifest.Entry, examples map[string]string) {
	fmt.Fprintf(b, "\n### %s\n", name)
	definition := entry.Definition()
	if example := examples[typeOf(definition).String()]; example != "" {
		fmt.Fprintf(b, "\n```yaml\n%s\n```\n", example)
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
