package cli_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/cli"
	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func specOf(t *testing.T) *value.Dict {
	t.Helper()
	v, err := value.Decode(specText(t))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Dict)
}

func specText(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../spec.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// opened is the error of a configuration that is opened.
func opened(t *testing.T, config *value.Dict, discovering bool) error {
	t.Helper()
	_, err := cli.Program{Version: "dev", Spec: specText(t)}.BuiltIn().Open(t.Context(), config,
		tap.Environment{Now: time.Now, Log: slog.New(slog.DiscardHandler), ConfigFile: "c.json", Discovering: discovering})
	return err
}

// TestWrongConfigurations writes down what is said of each.
func TestWrongConfigurations(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "{") {
			if !strings.HasPrefix(line, "  ") {
				out.WriteString(line)
			}
			continue
		}
		v, err := value.DecodeString(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for _, discovering := range []bool{false, true} {
			err := opened(t, v.(*value.Dict).Clone(), discovering)
			if err == nil {
				t.Errorf("nothing is wrong with %s", line)
				continue
			}
			if tap.KindOf(err) != tap.Config {
				t.Errorf("%v is no error of the configuration", err)
			}
			if !discovering {
				said := longLists.ReplaceAllString(strings.TrimPrefix(err.Error(), "c.json: "), "$1 …")
				fmt.Fprintf(&out, "%s  %s\n", line, strings.ReplaceAll(said, "; ", "\n  "))
			}
		}
	}
	golden.Check(t, "wrong.txt", out.Bytes())
}

// longLists are those of all settings or types, which become more.
var longLists = regexp.MustCompile(`(none of|there are|the type) \w+(, \w+)*( (or|and) \w+)?|(\w+, ){2,}\w+ or \w+`)

// TestEverySettingCanBeMisspelled writes each setting of spec.json wrong, one after the other.
func TestEverySettingCanBeMisspelled(t *testing.T) {
	t.Parallel()
	root := specOf(t)
	tried := 0
	for _, branch := range value.Member[*value.List](root, "oneOf").All() {
		system, _ := value.At(branch, "properties", "source", "const")
		base := objectOf(branch)
		shared := value.Member[*value.Dict](root, "properties")
		for name, property := range shared.All() {
			of, _ := value.At(property, "x-anytap-source")
			if of != nil && of != system {
				continue
			}
			required, _ := value.At(branch, "required")
			if slices.Contains(required.(*value.List).Values(), any(name)) {
				base.Set(name, sampleOf(property))
			}
		}
		m := &misspeller{t: t, base: base}
		m.object(branch.(*value.Dict), nil)
		m.object(root, nil)
		tried += m.tried
	}
	if tried < 100 {
		t.Errorf("only %d settings were tried", tried)
	}
}

// sampleOf is a value that a schema allows, with no more than what is required.
func sampleOf(schema any) any {
	for _, word := range []string{"const", "default"} {
		if v, ok := value.At(schema, word); ok {
			return v
		}
	}
	for _, list := range []string{"enum", "examples"} {
		if v, ok := value.At(schema, list, "0"); ok {
			return v
		}
	}
	if first, ok := value.At(schema, "oneOf", "0"); ok {
		return sampleOf(first)
	}
	kind, _ := value.At(schema, "type")
	if kinds, ok := kind.(*value.List); ok {
		kind = kinds.At(0)
	}
	switch kind {
	case "integer", "number":
		return int64(5)
	case "boolean":
		return true
	case "array":
		items, _ := value.At(schema, "items")
		return value.NewList(sampleOf(items))
	case "string":
		return "x"
	}
	return objectOf(schema)
}

// objectOf is an object with no more than what a schema requires.
func objectOf(schema any) *value.Dict {
	out := value.NewDict(4)
	required, _ := value.At(schema, "required")
	if names, ok := required.(*value.List); ok {
		for _, name := range names.All() {
			if property, ok := value.At(schema, "properties", name.(string)); ok {
				out.Set(name.(string), sampleOf(property))
			}
		}
	}
	return out
}

// misspeller writes the settings of a schema wrong, each alone in a configuration that is right
// otherwise.
type misspeller struct {
	t     *testing.T
	base  *value.Dict
	tried int
}

// object tries the settings of an object at a path of the configuration.
func (m *misspeller) object(schema *value.Dict, path []string) {
	if schema == nil {
		return
	}
	properties := value.Member[*value.Dict](schema, "properties")
	if properties != nil {
		for name, property := range properties.All() {
			of, _ := value.At(property, "x-anytap-source")
			source, _ := m.base.Get("source")
			if of != nil && of != source {
				continue
			}
			m.misspell(schema, path, name, property)
			m.inside(property.(*value.Dict), append(slices.Clip(path), name))
		}
	}
}

func (m *misspeller) inside(schema *value.Dict, path []string) {
	if options, ok := value.At(schema, "oneOf"); ok && len(path) > 0 {
		for _, option := range options.(*value.List).All() {
			inner, _ := option.(*value.Dict)
			m.object(inner, path)
		}
	}
	if items, _ := schema.Get("items"); items != nil {
		inner, _ := items.(*value.Dict)
		m.object(inner, append(slices.Clip(path), "0"))
	}
	if len(path) > 0 {
		m.object(schema, path)
	}
}

func (m *misspeller) misspell(schema *value.Dict, path []string, name string, property any) {
	m.tried++
	wrong := name[:1] + name[2:]
	if len(name) < 4 {
		wrong = name + "x"
	}
	object := m.base.Clone()
	if len(path) > 0 {
		object = objectOf(schema).Clone()
	}
	object.Delete(name)
	object.Set(wrong, sampleOf(property))
	config := put(m.base, path, object).(*value.Dict)
	err := opened(m.t, config, false)
	if err == nil || !strings.Contains(err.Error(), wrong+": there is no such setting; did you mean "+name+"?") {
		m.t.Errorf("%s written %s: %v\n%s", strings.Join(append(slices.Clip(path), name), "."), wrong, err, value.Append(nil, config))
	}
}

// put returns a value with an object at a path, whose way is made where it is not there.
func put(v any, path []string, object *value.Dict) any {
	if len(path) == 0 {
		return object
	}
	inner, _ := value.At(v, path[0])
	if path[0] == "0" {
		return value.NewList(put(inner, path[1:], object))
	}
	d, _ := v.(*value.Dict)
	if d == nil {
		d = value.NewDict(1)
	}
	d = d.Clone()
	d.Set(path[0], put(inner, path[1:], object))
	return d
}
