package docs

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"anytap/internal/cli"
	"anytap/internal/config"
	"anytap/internal/frontend"
	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// program is the program with the specification of the checkout.
func program(t *testing.T) cli.Program {
	t.Helper()
	spec, err := os.ReadFile("../spec.json")
	if err != nil {
		t.Fatal(err)
	}
	return cli.Program{Version: "dev", Spec: spec}
}

func readme(t *testing.T) string {
	t.Helper()
	return document(t, "../README.md")
}

func document(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestReadmeConfigurationsAreValid opens each configuration of the README, without a request.
func TestReadmeConfigurationsAreValid(t *testing.T) {
	t.Parallel()
	systems := map[string]bool{}
	for _, m := range regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(readme(t), -1) {
		v, err := value.DecodeString(m[1])
		if err != nil {
			t.Fatalf("%v in %s", err, m[1])
		}
		config := v.(*value.Dict)
		source, _ := config.Get("source")
		systems[value.Str(source)] = true
		openConfiguration(t, config)
	}
	if len(systems) != 4 {
		t.Errorf("configurations of %v, want one of each system", systems)
	}
}

// TestRecipesAreValid opens each configuration of rest.md, and each pagination of the README's
// table, without a request. CI reads the recipes from the real servers.
func TestRecipesAreValid(t *testing.T) {
	t.Parallel()
	var recipes []string
	for _, m := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(document(t, "rest.md"), -1) {
		recipes = append(recipes, m[1])
	}
	for _, m := range regexp.MustCompile("(?m)^\\| .* \\| `({type: .*})` \\|$").FindAllStringSubmatch(readme(t), -1) {
		recipes = append(recipes, "source: rest\nbase_url: https://api.example.com\nstreams: [{name: a, path: /a, pagination: "+m[1]+"}]\n")
	}
	if len(recipes) < 25 {
		t.Fatalf("only %d recipes were found", len(recipes))
	}
	for _, recipe := range recipes {
		given := config.Given{Files: []string{golden.TempFile(t, "config.yaml", recipe)}}
		written, err := given.Written()
		if err != nil {
			t.Errorf("%v in %s", err, recipe)
			continue
		}
		openConfiguration(t, written)
	}
}

// openConfiguration makes the streams of a configuration; an error is the test's.
func openConfiguration(t *testing.T, config *value.Dict) {
	t.Helper()
	opened, err := program(t).BuiltIn().Open(t.Context(), config, tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), ConfigFile: "config.json"})
	if err == nil {
		_, err = opened.Streams(t.Context())
	}
	if err != nil {
		t.Errorf("%v in %s", err, value.Append(nil, config))
	}
}

// TestExitCodesAreListed compares the table of running.md with the constants.
func TestExitCodesAreListed(t *testing.T) {
	t.Parallel()
	var codes []string
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(document(t, "running.md"), -1) {
		codes = append(codes, m[1])
	}
	want := []string{"0", "1", fmt.Sprint(frontend.ExitUsage), fmt.Sprint(frontend.ExitTarget), fmt.Sprint(frontend.ExitBroken), fmt.Sprint(frontend.ExitClosed), fmt.Sprint(frontend.ExitInterrupted)}
	if !slices.Equal(codes, want) {
		t.Errorf("the table has %v, want %v", codes, want)
	}
}
