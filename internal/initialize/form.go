package initialize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/config"
	"anytap/internal/value"
)

// Question is a setting that a configuration needs and does not have.
type Question struct {
	Name        string // with dots: credentials.api_key
	Title       string // empty: it has none
	Description string
	Type        string // of JSON Schema; empty: text
	Secret      bool
	Example     string
	Default     string // what no answer means, as Form.Ask gives it; empty: there must be one
	// Choices are the values that there are; none: any.
	Choices []Choice
}

// Choice is one of the values of a setting.
type Choice struct {
	Title string
	Value string
}

// Form asks for what a specification needs.
type Form struct {
	// Ask asks a question. Its answer is a text, as --set takes it behind the equals sign, other
	// than that a list may be separated by commas; nil: nobody can be asked.
	Ask func(Question) (string, error)

	missing []Question
	sets    []string
}

// Fill asks for each required setting that a configuration does not have. It gives the answers as
// --set takes them, and what could not be asked.
func (f *Form) Fill(connection, given *value.Dict) (sets []string, missing []Question, err error) {
	f.missing, f.sets = nil, nil
	err = f.object(connection, given, nil)
	return f.sets, f.missing, err
}

// property is a member of an object's schema.
type property struct {
	name     string
	schema   *value.Dict
	required bool
}

// properties are those of a schema in the order in which they are asked for.
func properties(schema *value.Dict) []property {
	members := value.Member[*value.Dict](schema, "properties")
	if members == nil {
		return nil
	}
	var required []any
	if l := value.Member[*value.List](schema, "required"); l != nil {
		required = l.Values()
	}
	var all []property
	for name, v := range members.All() {
		if d, ok := v.(*value.Dict); ok {
			all = append(all, property{name, d, slices.Contains(required, any(name))})
		}
	}
	slices.SortStableFunc(all, func(a, b property) int { return cmp.Compare(order(a.schema), order(b.schema)) })
	return all
}

// order is where a setting stands among the others; those that do not say come last.
func order(schema *value.Dict) int64 {
	if v, ok := schema.Get("order"); ok {
		if n, ok := v.(int64); ok {
			return n
		}
	}
	return 1 << 32
}

func (f *Form) object(schema, given *value.Dict, at []string) error {
	for _, p := range properties(schema) {
		var v any
		if given != nil {
			v, _ = given.Get(p.name)
		}
		if v == nil && !p.required {
			continue
		}
		if err := f.setting(p, v, append(at[:len(at):len(at)], p.name)); err != nil {
			return err
		}
	}
	return nil
}

// setting asks for a setting that is required, or for what is missing inside of one.
func (f *Form) setting(p property, v any, at []string) error {
	inner, _ := v.(*value.Dict)
	switch alternatives := alternativesOf(p.schema); {
	case len(alternatives) > 0 && (v == nil || inner != nil):
		return f.oneOf(p, alternatives, inner, at)
	case value.Member[*value.Dict](p.schema, "properties") != nil && (v == nil || inner != nil):
		return f.object(p.schema, inner, at)
	case v != nil:
		return nil
	}
	if v, ok := p.schema.Get("const"); ok {
		f.set(at, value.Str(v))
		return nil
	}
	q := questionOf(p.schema, at)
	if q.Default != "" && f.Ask == nil {
		f.set(at, q.Default)
		return nil
	}
	for _, choice := range valuesIn(p.schema, "enum") {
		q.Choices = append(q.Choices, Choice{value.Str(choice), value.Str(choice)})
	}
	answer, err := f.ask(q)
	switch {
	case err != nil || answer == "":
		return err
	case answer != q.Default:
		answer = listed(q.Type, answer)
	}
	f.set(at, answer)
	return nil
}

// alternativesOf are the objects of which a setting is one.
func alternativesOf(schema *value.Dict) []*value.Dict {
	var all []*value.Dict
	for _, word := range []string{"oneOf", "anyOf"} {
		for _, v := range valuesIn(schema, word) {
			if d, ok := v.(*value.Dict); ok && value.Member[*value.Dict](d, "properties") != nil {
				all = append(all, d)
			}
		}
	}
	return all
}

// oneOf asks which of several objects a setting is, and for what that one needs.
func (f *Form) oneOf(p property, alternatives []*value.Dict, given *value.Dict, at []string) error {
	fits := slices.DeleteFunc(slices.Clone(alternatives), func(d *value.Dict) bool { return !agrees(d, given) })
	if len(fits) == 1 {
		return f.object(fits[0], given, at)
	}
	name, q := "", questionOf(p.schema, at)
	for i, d := range alternatives {
		kind, is := constOf(d)
		if kind == "" {
			return fmt.Errorf("%s can be one of several objects that have no name: write it down with --set, for example --set '%s={…}'", q.Name, q.Name)
		}
		name = kind
		q.Choices = append(q.Choices, Choice{cmp.Or(value.Member[string](d, "title"), fmt.Sprint(i+1)), is})
	}
	at = append(at[:len(at):len(at)], name)
	q.Name = strings.Join(at, ".")
	answer, err := f.ask(q)
	if err != nil || answer == "" {
		return err
	}
	f.set(at, answer)
	i := slices.IndexFunc(q.Choices, func(c Choice) bool { return c.Value == answer })
	if i < 0 {
		return nil
	}
	return f.object(alternatives[i], value.DictOf(name, answer), at[:len(at)-1])
}

// constOf is the property that tells one object of several from the others.
func constOf(d *value.Dict) (name, is string) {
	for _, p := range properties(d) {
		if v, ok := p.schema.Get("const"); ok {
			return p.name, value.Str(v)
		}
		if values := valuesIn(p.schema, "enum"); len(values) == 1 {
			return p.name, value.Str(values[0])
		}
	}
	return "", ""
}

// agrees reports whether what is given may belong to one object of several.
func agrees(d, given *value.Dict) bool {
	if given == nil {
		return false
	}
	name, is := constOf(d)
	v, ok := given.Get(name)
	return ok && value.Str(v) == is
}

func (f *Form) ask(q Question) (string, error) {
	if f.Ask == nil {
		f.missing = append(f.missing, q)
		return "", nil
	}
	return f.Ask(q)
}

func (f *Form) set(at []string, answer string) {
	f.sets = append(f.sets, strings.Join(at, ".")+"="+answer)
}

func questionOf(schema *value.Dict, at []string) Question {
	q := Question{
		Name: strings.Join(at, "."), Title: value.Member[string](schema, "title"), Description: value.Member[string](schema, "description"),
		Type: kindOf(schema), Secret: value.Member[bool](schema, "airbyte_secret"),
	}
	switch v, _ := schema.Get("default"); v := v.(type) {
	case nil:
	case string:
		q.Default = value.Str(config.Plain(v))
	default:
		q.Default = string(value.Append(nil, v))
	}
	for _, example := range valuesIn(schema, "examples") {
		q.Example = value.Str(example)
		break
	}
	return q
}

// kindOf is the type of a setting; of several it is the first that is not null.
func kindOf(schema *value.Dict) string {
	if text := value.Member[string](schema, "type"); text != "" {
		return text
	}
	for _, v := range valuesIn(schema, "type") {
		if v != "null" {
			return value.Str(v)
		}
	}
	return ""
}

// listed is an answer in which the elements of a list are separated by commas, in JSON. What a user
// types is text as it stands, and refers to nothing.
func listed(kind, answer string) string {
	if kind != "array" || strings.HasPrefix(strings.TrimSpace(answer), "[") {
		return value.Str(config.Plain(answer))
	}
	l := value.NewList()
	for element := range strings.SplitSeq(answer, ",") {
		l.Append(strings.TrimSpace(element))
	}
	return string(value.Append(nil, l))
}

// valuesIn are the elements of a member that is a list.
func valuesIn(d *value.Dict, name string) []any {
	if l := value.Member[*value.List](d, name); l != nil {
		return l.Values()
	}
	return nil
}
