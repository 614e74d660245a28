package docs

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/value"
)

// TestDocumentsListTheSettings makes the tables of settings from spec.json, and compares the
// documents with them or, with -update, writes them there.
func TestDocumentsListTheSettings(t *testing.T) {
	t.Parallel()
	marks := regexp.MustCompile(`(?s)<!-- settings (\w+) -->\n(.*?)<!-- end -->`)
	for _, file := range []string{"settings.md", "rest.md"} {
		text := document(t, file)
		fresh := marks.ReplaceAllStringFunc(text, func(part string) string {
			system := marks.FindStringSubmatch(part)[1]
			return fmt.Sprintf("<!-- settings %s -->\n%s<!-- end -->", system, settingsTable(t, system))
		})
		if fresh == text {
			continue
		}
		if !golden.Updating() {
			t.Fatalf("the tables of settings in %s are not what spec.json says (run the test with -update to write them)", file)
		}
		if err := os.WriteFile(file, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// specNode is what a table shows of a schema.
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
	root := parseSpec(t, program(t).Spec)
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

// memberNames are a schema's properties by their "order", the others behind them in the order of
// the file.
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

// settingRows writes the rows of a setting and of those inside it.
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
		text, err := json.Marshal(s.Default)
		if err != nil {
			t.Fatal(err)
		}
		fallback = "`" + string(text) + "`"
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
