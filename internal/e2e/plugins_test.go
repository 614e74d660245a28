package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"anytap/internal/singer"
)

// meltanoPlugin is what counts of a Meltano plugin definition.
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
	data, err := os.ReadFile("packaging/plugins/extractors/" + name)
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
	var out bytes.Buffer
	if err := singer.About(&out, "json", "1", program.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	var d aboutDocument
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMeltanoDefinitionIsWhatTheTapSays(t *testing.T) {
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

func TestMeltanoDefinitionOfAManifest(t *testing.T) {
	t.Parallel()
	p := plugin(t, "manifest.yml")
	if !slices.Equal(p.Capabilities, about(t).Capabilities) {
		t.Errorf("capabilities %v, the tap has %v", p.Capabilities, about(t).Capabilities)
	}
	if p.Executable != "anytap" || !strings.HasPrefix(p.Name, "tap-") || len(p.Settings) != 1 || p.Settings[0].Env != "ANYTAP_MANIFEST" {
		t.Errorf("got %+v", p)
	}
}
