package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/fit"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Fillable writes a configuration to be filled in, as YAML: each setting of a specification with
// what it is. Those that need not be given are comments. Secrets are references to variables. Of
// alternatives the first one stands there. intro are lines of comment that come first.
func Fillable(spec *tap.Spec, intro ...string) string {
	var f fillable
	for _, line := range intro {
		f.line(0, true, line)
	}
	f.object(spec.Connection, nil, 0, false)
	return f.String()
}

// fillable is the text while it is written.
type fillable struct{ strings.Builder }

// line writes one line; a comment where the setting need not be given.
func (f *fillable) line(indent int, comment bool, text string) {
	if comment {
		f.WriteString(strings.TrimRight(strings.Repeat("  ", indent)+"# "+text, " ") + "\n")
		return
	}
	f.WriteString(strings.Repeat("  ", indent) + text + "\n")
}

// object writes the settings of an object.
func (f *fillable) object(schema *value.Dict, path []string, indent int, comment bool) {
	for i, s := range membersOf(schema) {
		if i > 0 && indent == 0 || indent == 0 && f.Len() > 0 {
			f.WriteString("\n")
		}
		for _, line := range about(s) {
			f.line(indent, true, line)
		}
		f.setting(s, below(path, s.Name), indent, comment || !s.Required)
	}
}

// setting writes one setting with a value.
func (f *fillable) setting(s Setting, path []string, indent int, comment bool) {
	members := membersOf(s.Schema)
	if typeOf(s.Schema) != "array" && len(members) > 0 {
		f.line(indent, comment, s.Name+":")
		for _, m := range members {
			if m.Required || comment && members[0].Name == m.Name {
				f.setting(m, below(path, m.Name), indent+1, comment)
				continue
			}
			f.line(indent+1, true, m.Name+": "+sample(m.Schema, below(path, m.Name)))
		}
		return
	}
	f.line(indent, comment, s.Name+": "+sample(s.Schema, path))
}

// membersOf are the settings of an object, those that are required first, without those that
// platforms hide. Of alternatives it has those of the first.
func membersOf(schema *value.Dict) []Setting {
	var all []Setting
	add := func(d *value.Dict) {
		required := map[string]bool{}
		for _, name := range listIn(d, "required") {
			required[value.Str(name)] = true
		}
		properties := value.Member[*value.Dict](d, "properties")
		if properties == nil {
			return
		}
		for name, v := range properties.All() {
			p, ok := v.(*value.Dict)
			known := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })
			switch {
			case !ok || value.Member[bool](p, "airbyte_hidden"):
			case known >= 0:
				all[known].Schema = p
				all[known].Required = all[known].Required || required[name]
			default:
				all = append(all, Setting{Name: name, Schema: p, Required: required[name]})
			}
		}
	}
	if schema == nil {
		return nil
	}
	add(schema)
	for _, word := range []string{"oneOf", "anyOf"} {
		if alternatives := listIn(schema, word); len(alternatives) > 0 {
			if d, ok := alternatives[0].(*value.Dict); ok {
				add(d)
			}
		}
	}
	for _, part := range listIn(schema, "allOf") {
		if d, ok := part.(*value.Dict); ok {
			add(d)
		}
	}
	slices.SortStableFunc(all, func(a, b Setting) int {
		if a.Required != b.Required {
			return map[bool]int{true: -1, false: 1}[a.Required]
		}
		return cmp.Compare(orderOf(a.Schema), orderOf(b.Schema))
	})
	return all
}

func orderOf(d *value.Dict) int64 {
	if n, ok := d.Get("order"); ok {
		if order, ok := n.(int64); ok {
			return order
		}
	}
	return 1 << 30
}

// about are the lines that say what a setting is.
func about(s Setting) []string {
	text := value.Member[string](s.Schema, "title")
	if description := value.Member[string](s.Schema, "description"); description != "" {
		text = strings.TrimPrefix(text+": "+description, ": ")
	}
	text = cmp.Or(text, s.Name)
	if s.Required {
		text += " (required)"
	}
	var names []string
	for _, v := range listIn(s.Schema, "enum") {
		names = append(names, value.Str(v))
	}
	for _, v := range slices.Concat(listIn(s.Schema, "oneOf"), listIn(s.Schema, "anyOf")) {
		if d, ok := v.(*value.Dict); ok {
			names = append(names, cmp.Or(value.Member[string](d, "title"), strings.Join(fit.Types(d), " or ")))
		}
	}
	if len(names) > 0 {
		text = strings.TrimSuffix(text, ".") + "; one of " + strings.Join(names, ", ")
	}
	return wrapped(strings.Join(strings.Fields(text), " "), 96)
}

// wrapped cuts a text into lines.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// sample is a value for a setting, in JSON, which is YAML too: the only one that there is, the
// default, an example, or an empty one of its type.
func sample(schema *value.Dict, path []string) string {
	if value.Member[bool](schema, "airbyte_secret") && typeOf(schema) != "object" && typeOf(schema) != "array" {
		return `"${` + variableName(path) + `}"`
	}
	for _, name := range []string{"const", "default"} {
		if v, ok := schema.Get(name); ok {
			return string(value.Append(nil, v))
		}
	}
	for _, name := range []string{"examples", "enum"} {
		if all := listIn(schema, name); len(all) > 0 && (name == "enum" || fits(all[0], schema)) {
			return string(value.Append(nil, all[0]))
		}
	}
	if like := value.Member[string](schema, "pattern_descriptor"); like != "" {
		return fmt.Sprintf("%q", like)
	}
	switch kind := typeOf(schema); kind {
	case "integer", "number":
		if least, ok := schema.Get("minimum"); ok {
			return string(value.Append(nil, least))
		}
		return "1"
	case "boolean":
		return "false"
	case "array":
		return sampleList(schema, path)
	case "object":
		return sampleObject(schema, path)
	}
	return `""`
}

// sampleList has one element.
func sampleList(schema *value.Dict, path []string) string {
	items := value.Member[*value.Dict](schema, "items")
	if items == nil {
		return "[]"
	}
	return "[" + sample(items, path) + "]"
}

// sampleObject has the members that are required.
func sampleObject(schema *value.Dict, path []string) string {
	var all []string
	for _, m := range membersOf(schema) {
		if m.Required {
			all = append(all, m.Name+": "+sample(m.Schema, below(path, m.Name)))
		}
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// fits reports whether an example has a type of its schema. Some are texts that stand for numbers.
func fits(v any, schema *value.Dict) bool {
	types := fit.Types(schema)
	kind := value.JSONType(v)
	return len(types) == 0 || slices.Contains(types, kind) || kind == "integer" && slices.Contains(types, "number")
}

// variableName is a variable for a secret: CREDENTIALS_CLIENT_SECRET.
func variableName(path []string) string {
	name := strings.ToUpper(strings.Join(path, "_"))
	name = strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, name)
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	return name
}
