// Package plugins tests the definitions for Meltano.
package plugins

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"anytap/internal/cli"
	"anytap/internal/singer"
)

// meltanoPlugin is what these tests read of a definition.
type meltanoPlugin struct {
	Name, Namespace, Executable string
	Capabilities                []string
	Settings                    []meltanoSetting
}

type meltanoSetting struct {
	Name, Kind, Env string
	Sensitive       bool
}

func plugin(t *testing.T, name string) meltanoPlugin {
	t.Helper()
	data, err := os.ReadFile("extractors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var p meltanoPlugin
	if err := yaml.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

type aboutDocument struct {
	Capabilities []string
	Settings     struct {
		Properties map[string]struct {
			Type   string
			Enum   []string
			Secret bool
		}
	}
}

func about(t *testing.T) aboutDocument {
	t.Helper()
	spec, err := os.ReadFile("../../spec.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := singer.About(&out, singer.Description{Format: "json", Version: "1"}, cli.Program{Version: "dev", Spec: spec}.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	var d aboutDocument
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDefinitionHasTheSettingsOfTheTap(t *testing.T) {
	t.Parallel()
	p, d := plugin(t, "anytap.yml"), about(t)
	if !slices.Equal(p.Capabilities, d.Capabilities) {
		t.Errorf("capabilities %v, the tap has %v", p.Capabilities, d.Capabilities)
	}
	seen := map[string]bool{}
	for _, s := range p.Settings {
		seen[s.Name] = true
		want, ok := d.Settings.Properties[s.Name]
		if !ok {
			t.Errorf("setting %s is not the tap's", s.Name)
			continue
		}
		kind := want.Type
		switch {
		case len(want.Enum) > 0 || s.Name == "source":
			kind = "options"
		case kind == "number":
			kind = "decimal"
		}
		if s.Kind != kind {
			t.Errorf("setting %s has the kind %q, want %q", s.Name, s.Kind, kind)
		}
		if s.Sensitive != (want.Secret || s.Name == "auth") {
			t.Errorf("setting %s: sensitive is %t", s.Name, s.Sensitive)
		}
	}
	for name := range d.Settings.Properties {
		if !seen[name] {
			t.Errorf("setting %s is missing", name)
		}
	}
}

func TestDefinitionOfAManifestAsksForThePath(t *testing.T) {
	t.Parallel()
	p := plugin(t, "manifest.yml")
	if !slices.Equal(p.Capabilities, about(t).Capabilities) {
		t.Errorf("capabilities %v, the tap has %v", p.Capabilities, about(t).Capabilities)
	}
	if p.Executable != "anytap" || !strings.HasPrefix(p.Name, "tap-") || len(p.Settings) != 2 || p.Settings[0].Env != "ANYTAP_MANIFEST" || p.Settings[1].Env != "ANYTAP_LOCK" {
		t.Errorf("got %+v", p)
	}
}

// TestReadmeNamesTheDefinitions looks at the meltano commands of the README: each must name a
// definition that is there, and settings that it has.
func TestReadmeNamesTheDefinitions(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^meltano .*$`).FindAllString(string(readme), -1)
	if len(commands) == 0 {
		t.Fatal("the README has no meltano command")
	}
	for _, command := range commands {
		t.Run(command, func(t *testing.T) { checkCommand(t, strings.Fields(command)[1:]) })
	}
}

func checkCommand(t *testing.T, args []string) {
	t.Helper()
	definitions := map[string]string{"tap-anytap": "anytap.yml", "tap-example": "manifest.yml"}
	words := strings.Join(args, " ")
	switch {
	case strings.HasPrefix(words, "add "):
		file := filepath.Base(args[len(args)-1])
		if p := plugin(t, strings.Replace(file, "example.yml", "manifest.yml", 1)); definitions[args[1]] == "" || p.Executable != "anytap" {
			t.Errorf("%s does not define %s: %+v", file, args[1], p)
		}
	case strings.HasPrefix(words, "config set "):
		p, name := plugin(t, definitions[args[2]]), args[3]
		known := slices.ContainsFunc(p.Settings, func(s meltanoSetting) bool { return s.Name == name })
		if own := args[2] == "tap-example" && name != "manifest"; !known && !own {
			t.Errorf("%s has no setting %s", args[2], name)
		}
	case definitions[args[len(args)-1]] == "" && definitions[args[1]] == "":
		t.Errorf("no plugin of ours is in %q", words)
	}
}
