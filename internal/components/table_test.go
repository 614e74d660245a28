package components

import (
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
