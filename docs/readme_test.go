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
	"anytap/internal/frontend"
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
	data, err := os.ReadFile("../README.md")
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
		block := m[1]
		v, err := value.DecodeString(block)
		if err != nil {
			t.Fatalf("%v in %s", err, block)
		}
		config := v.(*value.Dict)
		source, _ := config.Get("source")
		systems[value.Str(source)] = true
		opened, err := program(t).BuiltIn().Open(t.Context(), config, tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), ConfigFile: "config.json"})
		if err != nil {
			t.Errorf("%v in %s", err, block)
			continue
		}
		if _, err := opened.Streams(t.Context()); err != nil {
			t.Errorf("%v in %s", err, block)
		}
	}
	if len(systems) != 4 {
		t.Errorf("configurations of %v, want one of each system", systems)
	}
}

// TestReadmeListsTheExitCodes compares the table of the README with the constants.
func TestReadmeListsTheExitCodes(t *testing.T) {
	t.Parallel()
	var codes []string
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(readme(t), -1) {
		codes = append(codes, m[1])
	}
	want := []string{"0", "1", fmt.Sprint(frontend.ExitUsage), fmt.Sprint(frontend.ExitClosed), fmt.Sprint(frontend.ExitInterrupted)}
	if !slices.Equal(codes, want) {
		t.Errorf("the table has %v, want %v", codes, want)
	}
}
