package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/fit"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Setting is a property that a configuration may have.
type Setting struct {
	Name     string
	Schema   *value.Dict
	Required bool
}

// Settings are the properties of a specification, each once. Those of several systems (oneOf)
// follow one another.
func Settings(spec *tap.Spec) []Setting {
	var all []Setting
	seen := map[string]bool{}
	add := func(schema *value.Dict, shared bool) {
		required := map[string]bool{}
		for _, name := range listIn(schema, "required") {
			required[value.Str(name)] = shared
		}
		properties := value.Member[*value.Dict](schema, "properties")
		if properties == nil {
			return
		}
		for name, v := range properties.All() {
			if d, ok := v.(*value.Dict); ok && !seen[name] {
				seen[name] = true
				all = append(all, Setting{Name: name, Schema: d, Required: required[name]})
			}
		}
	}
	add(spec.Connection, true)
	for _, option := range listIn(spec.Connection, "oneOf") {
		if d, ok := option.(*value.Dict); ok {
			add(d, false)
		}
	}
	return all
}

// parse reads the text of a variable by the setting's type.
func (s Setting) parse(text string) (any, error) {
	switch kind := typeOf(s.Schema); kind {
	case "integer":
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("expected a whole number, for example 100")
		}
		return n, nil
	case "number":
		f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return nil, fmt.Errorf("expected a number, for example 0.5")
		}
		return f, nil
	case "boolean":
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "1", "yes", "on":
			return true, nil
		case "false", "0", "no", "off", "":
			return false, nil
		}
		return nil, fmt.Errorf("expected true or false")
	case "object", "array":
		v, err := value.Decode([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("expected JSON for a setting of type %s: %w", kind, err)
		}
		return v, nil
	}
	return text, nil
}

// typeOf is the type of a schema; of a list of types it is the first that is not null.
func typeOf(d *value.Dict) string {
	for _, name := range fit.Types(d) {
		if name != "null" {
			return name
		}
	}
	return ""
}

// listIn are the elements of a member that is a list; none where it is missing.
func listIn(d *value.Dict, name string) []any {
	if l := value.Member[*value.List](d, name); l != nil {
		return l.Values()
	}
	return nil
}

// variableOf is the variable of the environment that --config=ENV reads for a setting.
func variableOf(setting string) string {
	return "ANYTAP_" + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// readEnvironment replaces settings by those that variables have.
func (c *Configuration) readEnvironment(g *Given, spec func() (*tap.Spec, error)) error {
	s, err := spec()
	if err != nil {
		return err
	}
	for _, s := range Settings(s) {
		name := variableOf(s.Name)
		text, ok, err := g.lookUp(name)
		if err != nil {
			return tap.Errorf(tap.Config, "variable %s: %w", name, err)
		}
		if !ok {
			continue
		}
		v, err := s.parse(text)
		if err != nil {
			return tap.Errorf(tap.Config, "variable %s: %w", name, err)
		}
		c.Values.Set(s.Name, v)
		c.raw.Set(s.Name, Plain(v))
		c.above[s.Name] = "the variable " + name
	}
	return nil
}

// set replaces a setting by one of the command line, NAME=VALUE.
func (c *Configuration) set(text string, x *references) error {
	name, given, ok := strings.Cut(text, "=")
	path := strings.Split(name, ".")
	if !ok { // it may be a secret
		return tap.Errorf(tap.Config, "--set: expected name=value, for example --set limit=100 or --set 'auth.key=\"abc\"'")
	}
	if slices.Contains(path, "") {
		return tap.Errorf(tap.Config, "--set %s: expected name=value, for example --set limit=100 or --set 'auth.key=\"abc\"'", name)
	}
	written := x.types.read(path, given, true)
	x.name, x.folder = "--set", "."
	filled, _ := x.in(value.Clone(written), path)
	raw, err := with(c.raw, path, written)
	if err != nil {
		return tap.Errorf(tap.Config, "--set %s: %w", name, err)
	}
	values, err := with(c.Values, path, filled)
	if err != nil {
		return tap.Errorf(tap.Config, "--set %s: %w", name, err)
	}
	c.raw, c.Values = raw.(*value.Dict), values.(*value.Dict)
	c.above[path[0]] = "--set " + name
	return nil
}

// with is a value in which the one at a path is replaced: members of objects by their names,
// elements of lists by their index. Objects that are missing are made. whole stays as it is.
func with(whole any, path []string, v any) (any, error) {
	if len(path) == 0 {
		return v, nil
	}
	switch c := whole.(type) {
	case nil:
		return with(value.NewDict(1), path, v)
	case *value.Dict:
		inner, _ := c.Get(path[0])
		inner, err := with(inner, path[1:], v)
		if err != nil {
			return nil, err
		}
		c = c.Clone()
		c.Set(path[0], inner)
		return c, nil
	case *value.List:
		at, err := strconv.Atoi(path[0])
		if err != nil || at < 0 || at >= c.Len() {
			return nil, fmt.Errorf("%s is no index of a list of %d elements", path[0], c.Len())
		}
		inner, err := with(c.At(at), path[1:], v)
		if err != nil {
			return nil, err
		}
		c = c.Clone()
		c.Set(at, inner)
		return c, nil
	}
	return nil, fmt.Errorf("%s is to be set in what is no object but %s", path[0], value.Describe(whole))
}

// typesOf knows the types that settings may have. It asks for the specification when it first has
// to.
type typesOf struct {
	spec  func() (*tap.Spec, error)
	known *tap.Spec
	err   error
}

// read reads the text of a setting: as JSON if that has a type which the setting may have, else it
// is text. Of a setting without known types a free text may be JSON too; one that is not free is
// JSON only where the setting can be no text.
func (t *typesOf) read(at []string, text string, free bool) any {
	v, err := value.DecodeString(text)
	if err != nil {
		return text
	}
	if t.known == nil && t.err == nil {
		t.known, t.err = t.spec()
	}
	if t.err != nil {
		return text
	}
	types := typesAt(t.known.Connection, at)
	kind := value.JSONType(v)
	switch {
	case free && (len(types) == 0 || v == nil):
		return v
	case !free && slices.Contains(types, "string"):
		return text
	case slices.Contains(types, kind), kind == "integer" && slices.Contains(types, "number"):
		return v
	}
	return text
}

// typesAt are the types that a schema allows at a path; none: it does not say.
func typesAt(schema any, path []string) []string {
	d, _ := schema.(*value.Dict)
	if d == nil {
		return nil
	}
	var types []string
	if len(path) == 0 {
		types = fit.Types(d)
		if v, ok := d.Get("const"); ok && len(types) == 0 {
			types = []string{value.JSONType(v)}
		}
	} else if property, ok := value.At(d, "properties", path[0]); ok {
		types = typesAt(property, path[1:])
	} else {
		inner := "additionalProperties"
		if _, err := strconv.Atoi(path[0]); err == nil {
			inner = "items"
		}
		schema, _ := d.Get(inner)
		types = typesAt(schema, path[1:])
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		for _, alternative := range listIn(d, word) {
			types = append(types, typesAt(alternative, path)...)
		}
	}
	return types
}
