package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostile are texts that no input should be.
var hostile = map[string]string{
	"nothing":             "",
	"null":                "null",
	"a list":              "[]",
	"a text":              `"x"`,
	"zeros":               strings.Repeat("\x00", 1000),
	"no text":             "\xff\xfe\xfd",
	"cut":                 `{"type":`,
	"lists in lists":      strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
	"objects in objects":  strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000),
	"cut lists in lists":  strings.Repeat("[", 100_000),
	"lists inside":        `{"streams":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
	"dashes of YAML":      strings.Repeat("- ", 100_000),
	"questions of YAML":   strings.Repeat("? ", 100_000),
	"flow lists of YAML":  "a: " + strings.Repeat("[", 100_000),
	"aliases of YAML":     aliases(),
	"an alias of itself":  "&a [*a]",
	"endless numbers":     `{"source":"rest","base_url":1e999,"version":1e999,"type":-1e999,"streams":[1e999],"bookmarks":{"users":{"page":1e999}}}`,
	"digits":              `{"source":` + strings.Repeat("9", 1_000_000) + `,"streams":` + strings.Repeat("9", 1_000_000) + `}`,
	"one endless word":    strings.Repeat("a", 10_000_000),
	"a thousand anchors":  strings.Repeat("&a ", 1000) + "x",
	"endless references":  `{"type":"DeclarativeSource","a":{"$ref":"#/b"},"b":{"$ref":"#/a"},"streams":[{"$ref":"#/streams/0"}]}`,
	"wrong kinds inside":  `{"source":[],"streams":{"a":[]},"bookmarks":[1],"spec":1,"check":[],"definitions":"x"}`,
	"names without sense": `{"":{"":{"":null}},"\u0000":1,"__proto__":{}}`,
}

// aliases is a document of a few lines that stands for billions of values.
func aliases() string {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 12 {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	return text
}

// TestHostileInput gives each of these texts as each of the files. Each call ends soon, in one line
// or a few that are no stack.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	spec, err := os.ReadFile("../../spec.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.json", `{"source":"jsonplaceholder","base_url":"http://127.0.0.1:1","max_retries":0}`)
	program := Program{Version: "dev", Spec: spec}
	for name, text := range hostile {
		bad := file(strings.ReplaceAll(name, " ", "_"), text)
		for what, args := range map[string][]string{
			"config":           {"--config", bad},
			"config of check":  {"check", "--config", bad},
			"manifest":         {"--manifest-path", bad, "--config", good, "--discover"},
			"checked manifest": {"check-manifest", bad},
			"catalog":          {"--config", good, "--catalog", bad},
			"Airbyte catalog":  {"read", "--config", good, "--catalog", bad},
			"state":            {"--config", good, "--state", bad},
			"Airbyte state":    {"read", "--config", good, "--state", bad},
		} {
			var out, logs bytes.Buffer
			begun := time.Now()
			code := program.Run(t.Context(), args, &out, &logs)
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("%s as %s: %s", name, what, took)
			}
			if code == 0 && what != "config of check" || code == 2 || out.Len()+logs.Len() == 0 {
				t.Errorf("%s as %s: exit code %d, %.300s%.300s", name, what, code, out.String(), logs.String())
			}
			if all := out.String() + logs.String(); strings.Contains(all, "goroutine ") || strings.Contains(all, "itself is at fault") || len(all) > 20_000 {
				t.Errorf("%s as %s: %d bytes, %.600s", name, what, len(all), all)
			}
		}
	}
}
