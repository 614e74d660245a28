package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelpShowsAnExample asks every command for its help.
func TestHelpShowsAnExample(t *testing.T) {
	t.Parallel()
	commands := 0
	var walk func(*cobra.Command, []string)
	walk = func(cmd *cobra.Command, path []string) {
		commands++
		var out, logs bytes.Buffer
		code := Program{Version: "dev"}.Run(t.Context(), append(path, "--help"), &out, &logs)
		if text := out.String(); code != 0 || !strings.Contains(text, "Examples:\n  ") || !strings.Contains(text, "Usage:") || logs.Len() > 0 {
			t.Errorf("%v --help (exit code %d) shows no example:\n%s%s", path, code, text, logs.String())
		}
		if cmd.Short == "" {
			t.Errorf("%v has no short description", path)
		}
		for _, inner := range cmd.Commands() {
			walk(inner, append(path[:len(path):len(path)], inner.Name()))
		}
	}
	walk(Command(), nil)
	if commands < 8 {
		t.Errorf("only %d commands", commands)
	}
}
