package components

import (
	"strings"
	"testing"

	"anytap/internal/manifest"
)

// plainValues are names of the component schema (airbyte-cdk 7.39.1) that are no components.
var plainValues = map[string]bool{"CombineMode": true, "PrimaryKey": true, "SchemaNormalization": true, "Schemas": true, "ValueType": true}

// notRun says of each name of the component schema that the table lacks why; "": nobody knows.
func notRun() map[string]string {
	table, reasons := Table(), map[string]string{}
	for _, name := range manifest.TypeNames {
		if _, runs := table[name]; runs {
			continue
		}
		switch {
		case plainValues[name]:
			reasons[name] = "no component: the schema's name for a plain value"
		case strings.HasPrefix(name, "Custom"):
			reasons[name] = "a class of Python code, which is not run here; streams that need it are left out with a warning"
		default:
			reasons[name] = ""
		}
	}
	return reasons
}

func TestEveryTypeOfTheComponentSchemaIsAccountedFor(t *testing.T) {
	reasons := notRun()
	for name, reason := range reasons {
		if reason == "" {
			t.Errorf("%s is not in the table, and nobody says why", name)
		}
	}
	for name := range plainValues {
		if reasons[name] == "" {
			t.Errorf("%s is no plain value of the component schema", name)
		}
	}
}

func TestFieldsAreDocumented(t *testing.T) {
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
