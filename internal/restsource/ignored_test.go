package restsource_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"anytap/internal/restsource"
	"anytap/internal/value"
)

// TestNoSettingIsIgnored sets each setting of spec.json in a configuration that is as small as may
// be. The manifest must change, or look the setting up, or there must be an error.
func TestNoSettingIsIgnored(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../spec.json")
	if err != nil {
		t.Fatal(err)
	}
	root := configured(t, string(text))
	i := &ignored{t: t}
	auth, _ := value.At(root, "properties", "auth")
	i.alternatives(auth, "auth", func(d *value.Dict) *value.Dict { return oneMember("auth", d) })
	for _, option := range value.Member[*value.List](root, "oneOf").All() {
		if source, _ := value.At(option, "properties", "source", "const"); source != "rest" {
			continue
		}
		stream, _ := value.At(option, "properties", "streams", "items")
		i.settings(stream, "streams[]", value.DictOf("name", "a", "path", "/a"), func(d *value.Dict) *value.Dict { return oneMember("streams", value.NewList(d)) })
		pagination, _ := value.At(stream, "properties", "pagination")
		i.alternatives(pagination, "pagination", func(d *value.Dict) *value.Dict {
			return oneMember("streams", value.NewList(value.DictOf("name", "a", "path", "/a", "pagination", d)))
		})
	}
	if i.tried < 80 {
		t.Errorf("only %d settings were tried", i.tried)
	}
}

// oneMember is a configuration with one member of its own.
func oneMember(name string, v any) *value.Dict {
	config := value.DictOf("source", "rest", "base_url", "https://api.test", "streams", value.NewList(value.DictOf("name", "a", "path", "/a")))
	config.Set(name, v)
	return config
}

// ignored finds settings without effect.
type ignored struct {
	t     *testing.T
	tried int
}

// alternatives tries the settings of each type of something.
func (i *ignored) alternatives(schema any, at string, put func(*value.Dict) *value.Dict) {
	options, _ := value.At(schema, "oneOf")
	for _, option := range options.(*value.List).All() {
		kind, _ := value.At(option, "properties", "type", "const")
		base := value.DictOf("type", kind)
		required, _ := value.At(option, "required")
		if names, ok := required.(*value.List); ok {
			for _, name := range names.All() {
				property, _ := value.At(option, "properties", name.(string))
				base.Set(name.(string), example(property))
			}
		}
		if kind == "api_key" {
			base.Set("name", "X-Key")
			base.Set("key", "k")
		}
		if kind == "login" {
			base.Set("token_path", "token")
		}
		if kind == "oauth2" {
			base.Set("client_secret", "s")
		}
		if kind == "cursor" || kind == "next_url" {
			base.Set("cursor_path", "next")
		}
		i.settings(option, at+" "+kind.(string), base, put)
	}
}

// settings tries the settings of an object.
func (i *ignored) settings(schema any, at string, base *value.Dict, put func(*value.Dict) *value.Dict) {
	properties, _ := value.At(schema, "properties")
	for name, property := range properties.(*value.Dict).All() {
		if _, has := base.Get(name); has || name == "pagination" {
			continue
		}
		i.tried++
		// The runtime reads these in the configuration.
		if name == "hosts" || name == "access_token" || name == "token_expiry_date" {
			continue
		}
		with := base.Clone()
		switch name {
		case "change_path": // each needs the other
			with.Set("change_param", "since")
		case "change_param":
			with.Set("change_path", "sync")
		}
		if name == "size_param" {
			with.Delete("page_size")
		}
		with.Set(name, example(property))
		before, err := restsource.Manifest(put(base))
		if err != nil {
			i.t.Fatalf("%s: %v", at, err)
		}
		after, err := restsource.Manifest(put(with))
		switch {
		case err != nil: // it needs others, or has no use here: the user is told
		case value.Equal(before, after) && !strings.Contains(string(value.Append(nil, after)), "'"+name+"'"):
			i.t.Errorf("%s.%s: the manifest is the same with and without it", at, name)
		}
	}
}

// example is a value that a schema allows and that is not the default.
func example(schema any) any {
	if v, ok := value.At(schema, "const"); ok {
		return v
	}
	if v, ok := value.At(schema, "examples", "0"); ok {
		return v
	}
	fallback, _ := value.At(schema, "default")
	if list, ok := value.At(schema, "enum"); ok {
		values := slices.Clone(list.(*value.List).Values())
		slices.Reverse(values) // without a default in the specification the first is it
		return values[slices.IndexFunc(values, func(v any) bool { return !value.Equal(v, fallback) })]
	}
	kind, _ := value.At(schema, "type")
	if kinds, ok := kind.(*value.List); ok {
		kind = kinds.At(0)
	}
	switch kind {
	case "integer", "number":
		return int64(7)
	case "boolean":
		return true
	case "array":
		items, _ := value.At(schema, "items")
		return value.NewList(example(items))
	case "object":
		out := value.NewDict(2)
		properties, _ := value.At(schema, "properties")
		d, ok := properties.(*value.Dict)
		if !ok {
			return value.DictOf("x1", "y1")
		}
		for name, property := range d.All() {
			out.Set(name, example(property))
		}
		return out
	}
	return "x1"
}
