package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks are the README's code blocks of one language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(readme(t), -1) {
		all = append(all, m[1])
	}
	if len(all) == 0 {
		t.Fatalf("no block of %s", language)
	}
	return all
}

// TestReadmeCommands runs every command of the README, in order, in a folder with the files that it speaks of. Commands of programs
// that are not on this machine are skipped, each with a message.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program twice")
	}
	t.Parallel()
	home := readmeFolder(t)
	for _, block := range blocks(t, "sh") {
		for line := range strings.Lines(block) {
			line = strings.TrimSpace(line)
			t.Run(line, func(t *testing.T) { home.run(t, line) })
		}
	}
}

// commandFolder is where a user sits.
type commandFolder struct{ dir, bin, repository string }

func readmeFolder(t *testing.T) commandFolder {
	t.Helper()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	repository, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	f := commandFolder{t.TempDir(), t.TempDir(), repository}
	catalog := map[string]any{"streams": []any{map[string]any{"stream": map[string]any{"name": "posts"}, "sync_mode": "full_refresh", "destination_sync_mode": "append"}}}
	for name, text := range map[string]string{
		"config.json": encode(t, s.config), "configured_catalog.json": encode(t, catalog), "manifest.yaml": smallManifest, "airbyte_state.json": "[]",
	} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// A target prints the state that it has stored, as all do.
	target := "#!/bin/sh\nsed -n 's/^{\"type\":\"STATE\",\"value\":\\(.*\\)}$/\\1/p' | tail -n 1\n"
	if err := os.WriteFile(filepath.Join(f.bin, "target-jsonl"), []byte(target), 0o755); err != nil {
		t.Fatal(err)
	}
	return f
}

// commandTime is how long a command of the README may take; go's build everything on a new machine.
const commandTime = 2 * time.Minute

func (f commandFolder) run(t *testing.T, line string) {
	t.Helper()
	program, rest, _ := strings.Cut(line, " ")
	dir := f.dir
	switch program {
	case "meltano":
		checkMeltano(t, strings.Fields(rest))
		t.Skip("meltano needs a project with a target: .ci/meltano-plugins runs it; here only its arguments are checked")
	case "docker":
		if exec.Command(program, "info").Run() != nil {
			t.Skip("docker does not run on this machine: TestImage checks what it would make")
		}
		if strings.HasPrefix(rest, "build ") {
			dir = f.repository
		}
		line = strings.Replace(line, "docker run ", "docker run --network host ", 1) // the sample API is on this machine
	case "make":
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("make is not on this machine")
		}
		line, dir = strings.Replace(line, "make", "make -n", 1), f.repository // this is make test
	case "go":
		dir = f.repository
	case "cd":
		t.Skip("TestEngagementReport runs it: make example")
	}
	ctx, cancel := context.WithTimeout(t.Context(), commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "set -e; "+line)
	cmd.WaitDelay = time.Second
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+f.bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "GOBIN="+f.bin, "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	if redirects := strings.Contains(line, " > "); !redirects && len(out) == 0 && program != "go" {
		t.Error("it printed nothing")
	}
	for _, file := range regexp.MustCompile(`> (\S+)$`).FindAllStringSubmatch(line, -1) {
		if info, err := os.Stat(filepath.Join(dir, file[1])); err != nil || info.Size() < 3 {
			t.Errorf("%s is missing or empty: %v", file[1], err)
		}
	}
}

// checkMeltano wants the plugin definitions that a command names to be there, with the settings that it sets.
func checkMeltano(t *testing.T, args []string) {
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

// TestReadmeConfigurations opens each configuration, without a request.
func TestReadmeConfigurations(t *testing.T) {
	t.Parallel()
	systems := map[string]bool{}
	for _, block := range blocks(t, "json") {
		v, err := value.Decode([]byte(block))
		if err != nil {
			t.Fatalf("%v in %s", err, block)
		}
		config := v.(*value.Dict)
		source, _ := config.Get("source")
		systems[value.Str(source)] = true
		opened, err := program.BuiltIn().Open(t.Context(), config, tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), ConfigFile: "config.json"})
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

// TestReadmeExitCodes holds the table against the constants.
func TestReadmeExitCodes(t *testing.T) {
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

// TestReadmeSettings writes the tables of settings from spec.json, or with -update puts them into the README.
func TestReadmeSettings(t *testing.T) {
	t.Parallel()
	text := readme(t)
	marks := regexp.MustCompile(`(?s)<!-- settings (\w+) -->\n(.*?)<!-- end -->`)
	fresh := marks.ReplaceAllStringFunc(text, func(part string) string {
		system := marks.FindStringSubmatch(part)[1]
		return fmt.Sprintf("<!-- settings %s -->\n%s<!-- end -->", system, settingsTable(t, system))
	})
	if fresh == text {
		return
	}
	if update := flag.Lookup("update"); update == nil || update.Value.String() != "true" {
		t.Fatal("the tables of settings are not what spec.json says (run the test with -update to write them)")
	}
	if err := os.WriteFile("README.md", []byte(fresh), 0o644); err != nil {
		t.Fatal(err)
	}
}

// specNode is what a table shows of a schema. Members keep the order of their "order" or of the file.
type specNode struct {
	Title, Description string
	Default, Const     any
	Enum               []any
	Order              *int
	Secret             bool `json:"airbyte_secret"`
	Required           []string
	Properties         json.RawMessage
	Items              *specNode
	OneOf              []*specNode
}

// settingsTable lists a system's settings, or those that go with every system.
func settingsTable(t *testing.T, system string) string {
	t.Helper()
	root := parseSpec(t, program.Spec)
	var b strings.Builder
	b.WriteString("| setting | default | is |\n|---|---|---|\n")
	var own *specNode
	titles := map[string]bool{}
	for _, option := range root.OneOf {
		titles[option.Title] = true
		if source := parseSpec(t, member(t, option, "source")); source.Const == system {
			own = option
		}
	}
	prefix := func(s *specNode) string { title, _, _ := strings.Cut(s.Description, ": "); return title }
	for _, name := range memberNames(t, root) {
		s := parseSpec(t, member(t, root, name))
		if of := prefix(s); titles[of] == (own == nil) || own != nil && of != own.Title {
			continue
		}
		required := root.Required
		if own != nil {
			required = own.Required
			s.Description = upperFirst(strings.TrimPrefix(s.Description, own.Title+": "))
		}
		settingRows(t, &b, name, s, slices.Contains(required, name))
	}
	if own != nil {
		for _, name := range memberNames(t, own) {
			if name != "source" {
				settingRows(t, &b, name, parseSpec(t, member(t, own, name)), slices.Contains(own.Required, name))
			}
		}
	}
	return b.String()
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func parseSpec(t *testing.T, data []byte) *specNode {
	t.Helper()
	var s specNode
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// memberNames are a schema's properties by their order, else as they are written.
func memberNames(t *testing.T, s *specNode) []string {
	t.Helper()
	if s.Properties == nil {
		return nil
	}
	v, err := value.Decode(s.Properties)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range v.(*value.Dict).All() {
		names = append(names, name)
	}
	order := func(name string) int {
		if at := parseSpec(t, member(t, s, name)).Order; at != nil {
			return *at
		}
		return 1 << 20
	}
	slices.SortStableFunc(names, func(a, b string) int { return order(a) - order(b) })
	return names
}

func member(t *testing.T, s *specNode, name string) json.RawMessage {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(s.Properties, &all); err != nil {
		t.Fatal(err)
	}
	if all[name] == nil {
		t.Fatal(errors.New("no property " + name))
	}
	return all[name]
}

// settingRows writes a row for a setting and those inside it.
func settingRows(t *testing.T, b *strings.Builder, path string, s *specNode, required bool) {
	t.Helper()
	name, fallback := "`"+path+"`", ""
	if required {
		name = "**" + name + "**"
	}
	if s.Secret {
		name += " 🔒"
	}
	if s.Default != nil {
		fallback = "`" + encode(t, s.Default) + "`"
	}
	description := s.Description
	if len(s.Enum) > 0 {
		var all []string
		for _, v := range s.Enum {
			all = append(all, "`"+fmt.Sprint(v)+"`")
		}
		description += " One of " + strings.Join(all, ", ") + "."
	}
	fmt.Fprintf(b, "| %s | %s | %s |\n", name, fallback, description)
	inner, separator := s, "."
	if s.Items != nil {
		inner, separator = s.Items, "[]."
	}
	for _, name := range memberNames(t, inner) {
		settingRows(t, b, path+separator+name, parseSpec(t, member(t, inner, name)), slices.Contains(inner.Required, name))
	}
	for _, option := range s.OneOf {
		kind := parseSpec(t, member(t, option, "type"))
		fmt.Fprintf(b, "| `%s.type` = `%v` | | %s |\n", path, kind.Const, kind.Description)
		for _, name := range memberNames(t, option) {
			if name != "type" {
				settingRows(t, b, path+"."+name, parseSpec(t, member(t, option, name)), slices.Contains(option.Required, name))
			}
		}
	}
}
