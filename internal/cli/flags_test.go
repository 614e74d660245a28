package cli

import (
	"errors"
	"testing"
)

func TestFlagsTakeOnlyTheValuesThatAreKnown(t *testing.T) {
	for name, test := range map[string]struct {
		given flags
		want  string
	}{
		"the defaults":          {flags{format: "text"}, ""},
		"values that are known": {flags{format: "json", protocol: "airbyte", test: "schema"}, ""},
		"one that is old":       {flags{format: "text", test: "disabled"}, ""},
		"a protocol":            {flags{format: "text", protocol: "soap"}, `usage: --protocol is "soap", expected one of singer, airbyte`},
		"a form":                {flags{format: "yaml"}, `usage: --format is "yaml", expected one of text, json, markdown, config, meltano`},
		"no form":               {flags{}, `usage: --format is "", expected one of text, json, markdown, config, meltano`},
		"a test":                {flags{format: "text", test: "some"}, `usage: --test is "some", expected one of all, schema, disabled`},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.given.checkValues()
			if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want || !errors.Is(err, errUsage)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
