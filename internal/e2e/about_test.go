package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"anytap/internal/config"
	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestFillableConfigurationsAreValid: what --about --format=config prints can be used once its
// empty texts and variables are filled in.
func TestFillableConfigurationsAreValid(t *testing.T) {
	t.Parallel()
	manifest := golden.TempFile(t, "manifest.yaml", choiceManifest)
	for name, args := range map[string][]string{
		"helpscout": {"--set", "source=helpscout"}, "jsonplaceholder": {"--set", "source=jsonplaceholder"}, "pullbay": {"--set", "source=pullbay"}, "rest": {"--set", "source=rest"},
		"manifest": {"--manifest-path", manifest},
	} {
		t.Run(name, func(t *testing.T) {
			printed := string(invoke(t, append([]string{"--about", "--format=config"}, args...)...).mustSucceed(t).out)
			if !strings.HasPrefix(printed, "# yaml-language-server: $schema=config.schema.json\n") {
				t.Errorf("no modeline in %s", printed)
			}
			filled := strings.ReplaceAll(printed, `""`, `"something"`)
			// Each comment that is a setting is used too, apart from those of alternatives.
			given := config.Given{Files: []string{golden.TempFile(t, "config.yaml", filled)}, Lookup: func(string) (string, bool) { return "s3cr3t-0123", true }}
			c, err := given.Read(func() (*tap.Spec, error) { return &tap.Spec{Connection: value.NewDict(0)}, nil })
			if err != nil {
				t.Fatalf("%v in\n%s", err, filled)
			}
			if name == "manifest" {
				out := invoke(t, "--manifest-path", manifest, "--config", golden.TempFile(t, "c.json", string(value.Append(nil, c.Values))), "--discover")
				out.mustSucceed(t)
				return
			}
			if _, err := program.ManifestOf(c.Values, "config.yaml"); err != nil {
				t.Errorf("%v in\n%s", err, filled)
			}
		})
	}
	invoke(t, "--about", "--format=config").mustSay(t, "needs the system")
}

// TestDefinitionsOfPlugins are those of Meltano, of a system and of a manifest.
func TestDefinitionsOfPlugins(t *testing.T) {
	t.Parallel()
	manifest := golden.TempFile(t, "source-shop.yaml", choiceManifest)
	invoke(t, "--about", "--format=meltano", "--manifest-path", manifest).mustSucceed(t).mustPrint(t,
		"name: tap-shop\n", "namespace: tap_shop\n", "env: ANYTAP_MANIFEST", "{name: credentials.password, kind: string, sensitive: true}", "kind: options")
	printed := invoke(t, "--about", "--format=meltano", "--set", "source=pullbay").mustSucceed(t)
	printed.mustPrint(t, "name: tap-pullbay\n", "sensitive: true", "name: rate_limit.per", "value: pullbay")
	if strings.Contains(string(printed.out), "client_id") {
		t.Error("it has settings of other systems")
	}
}

func (o outcome) mustPrint(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(string(o.out), text) {
			t.Errorf("%q was not printed:\n%s", text, o.out)
		}
	}
}

// TestSchemasForEditors are JSON Schemas, of a configuration with room for references.
func TestSchemasForEditors(t *testing.T) {
	t.Parallel()
	manifest := golden.TempFile(t, "manifest.yaml", choiceManifest)
	for name, args := range map[string][]string{
		"all systems": {"config"}, "a system": {"config", "--set", "source=rest"}, "a manifest": {"config", "--manifest-path", manifest}, "manifests": {"manifest"},
	} {
		var schema map[string]any
		if out := invoke(t, append([]string{"schema"}, args...)...).mustSucceed(t).out; json.Unmarshal(out, &schema) != nil || schema["$schema"] == nil {
			t.Errorf("%s: %s", name, out)
		}
	}
	invoke(t, "schema").mustSay(t, "schema takes config or manifest")
	invoke(t, "schema", "config", "--set", "source=rest").mustSucceed(t).mustPrint(t, `"pattern": "\\$\\{.*\\}"`)
}
