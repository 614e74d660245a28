package spec

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/spelling"
	"anytap/internal/value"
)

// Elsewhere is a member of a schema with the names of settings that are no settings here, and of
// what they are settings: {"api_key": "pullbay"}. Explain tells of it.
const Elsewhere = "x-anytap-elsewhere"

// Explain says what is wrong with a configuration, in its order: fault is what schema, which
// compiled, has against it. Of alternatives it explains the one that the configuration means by its
// type. Values of texts are not told, except of those that must be one of a few.
func Explain(fault *jsonschema.ValidationError, schema, config *value.Dict) []string {
	e := &explainer{schema: schema, config: config}
	e.fault(fault)
	slices.SortStableFunc(e.found, func(a, b explained) int { return slices.Compare(a.rank, b.rank) })
	var lines []string
	for _, one := range e.found {
		if !slices.Contains(lines, one.text) {
			lines = append(lines, one.text)
		}
	}
	return lines
}

type explainer struct {
	schema, config *value.Dict
	found          []explained
	listed         *value.Dict // whose settings were told last, so that they are not told twice
}

type explained struct {
	text string
	rank []int // where it stands in the configuration
}

// place is one place in the configuration with the part of the schema that is about it.
type place struct {
	path     []string    // of the value; empty: the configuration as a whole
	value    any         // nil: null
	schema   *value.Dict // what holds the keyword
	keyword  string
	location []string // of the keyword in the whole schema
}

// fault explains one fault. A fault that only says that there are others gives way to them.
func (e *explainer) fault(f *jsonschema.ValidationError) {
	p := e.place(f)
	switch {
	case p.keyword == "oneOf", p.keyword == "anyOf":
		e.alternatives(p, f)
	case len(f.Causes) > 0:
		for _, cause := range f.Causes {
			e.fault(cause)
		}
	case p.keyword == "additionalProperties" || p.keyword == "required":
		e.members(p)
	default:
		e.add(p.path, "%s %s", placeName(e.config, p.path), e.wrong(p, f))
	}
}

// place finds what a fault is about.
func (e *explainer) place(f *jsonschema.ValidationError) place {
	p := place{path: Location(f)}
	p.value, _ = value.At(e.config, p.path...)
	_, fragment, _ := strings.Cut(f.AbsoluteKeywordLocation, "#")
	if text, err := url.PathUnescape(fragment); err == nil {
		fragment = text
	}
	if p.location = value.Pointer(strings.TrimPrefix(fragment, "/")); len(p.location) == 0 {
		return p
	}
	last := len(p.location) - 1
	p.keyword = p.location[last]
	holder, _ := value.At(e.schema, p.location[:last]...)
	p.schema, _ = holder.(*value.Dict)
	return p
}

func (e *explainer) add(path []string, format string, args ...any) {
	e.found = append(e.found, explained{fmt.Sprintf(format, args...), rankOf(e.config, path)})
}

// rankOf is where a path stands in the configuration: for each level how many members stand before
// it.
func rankOf(v any, path []string) []int {
	rank := make([]int, 0, len(path))
	for _, name := range path {
		at := 0
		switch c := v.(type) {
		case *value.Dict:
			for member := range c.All() {
				if member == name {
					break
				}
				at++
			}
		case *value.List:
			at, _ = strconv.Atoi(name)
		}
		rank = append(rank, at)
		v, _ = value.At(v, name)
	}
	return rank
}

// placeName writes a path as users do: streams[0].pagination.type.
func placeName(config *value.Dict, path []string) string {
	var b strings.Builder
	v := any(config)
	for _, name := range path {
		if _, ok := v.(*value.List); ok {
			b.WriteString("[" + name + "]")
		} else {
			b.WriteString("." + name)
		}
		v, _ = value.At(v, name)
	}
	return cmp.Or(strings.TrimPrefix(b.String(), "."), "the configuration")
}

// members explains which members of an object are not known, and which are missing. A missing one
// that an unknown one was meant to be is not told for itself.
func (e *explainer) members(p place) {
	given, _ := p.value.(*value.Dict)
	if given == nil || p.schema == nil {
		return
	}
	meant := map[string]bool{}
	for _, name := range unknownIn(p.schema, given) {
		near := spelling.Nearest(name, namesOf(p.schema, given))
		meant[near] = true
		if p.keyword == "additionalProperties" {
			e.unknown(p, name, near)
		}
	}
	if p.keyword != "required" {
		return
	}
	required, _ := p.schema.Get("required")
	list, _ := required.(*value.List)
	if list == nil {
		return
	}
	for _, v := range list.All() {
		name, _ := v.(string)
		if _, ok := given.Get(name); !ok && !meant[name] {
			property, _ := value.At(p.schema, "properties", name)
			e.add(p.path, "%s is missing%s", placeName(e.config, append(slices.Clip(p.path), name)), meaningOf(property))
		}
	}
}

// meaningOf is what a setting is, for messages: " (where …)", or nothing.
func meaningOf(property any) string {
	description, _ := value.At(property, "description")
	text, _ := description.(string)
	if text == "" {
		return ""
	}
	if first, _, _ := strings.Cut(text, " "); len(first) > 1 && strings.ToLower(first[1:]) == first[1:] && !strings.HasSuffix(first, ":") {
		text = strings.ToLower(text[:1]) + text[1:]
	}
	text = ": " + strings.TrimSuffix(text, ".")
	examples, _ := value.At(property, "examples", "0")
	if examples != nil {
		text += ", for example " + value.Str(examples)
	}
	return text
}

// unknownIn are the members that a schema has no place for.
func unknownIn(schema, given *value.Dict) []string {
	if open, _ := schema.Get("additionalProperties"); open != false {
		return nil
	}
	properties := value.Member[*value.Dict](schema, "properties")
	patterns := value.Member[*value.Dict](schema, "patternProperties")
	var names []string
	for name := range given.All() {
		if properties != nil {
			if _, ok := properties.Get(name); ok {
				continue
			}
		}
		if !matchesOne(patterns, name) {
			names = append(names, name)
		}
	}
	return names
}

// matchesOne reports whether a name matches one of the patterns. Only those of the form ^prefix are
// understood; the names that others match are not told as unknown.
func matchesOne(patterns *value.Dict, name string) bool {
	if patterns == nil {
		return false
	}
	for pattern := range patterns.All() {
		prefix, anchored := strings.CutPrefix(pattern, "^")
		if !anchored || strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// namesOf are the settings that a schema knows and that are not given.
func namesOf(schema, given *value.Dict) []string {
	properties := value.Member[*value.Dict](schema, "properties")
	if properties == nil {
		return nil
	}
	var names []string
	for name := range properties.All() {
		if _, ok := given.Get(name); !ok {
			names = append(names, name)
		}
	}
	return names
}

// unknown explains a member that is no setting. Elsewhere it may be one.
func (e *explainer) unknown(p place, name, near string) {
	at := append(slices.Clip(p.path), name)
	setting := placeName(e.config, at)
	if other, ok := value.At(p.schema, Elsewhere, name); ok {
		e.add(at, "%s is a setting of %s, not of this source", setting, value.Str(other))
		return
	}
	if kinds, own := e.kindsWith(p, name); len(kinds) > 0 {
		e.add(at, "%s is a setting of the type %s, not of %s", setting, joined(kinds, "or"), own)
		return
	}
	if near == "" {
		near = spelling.Nearest(name, namesOf(p.schema, value.NewDict(0)))
	}
	if near != "" {
		e.add(at, "%s: there is no such setting; did you mean %s?", setting, near)
		return
	}
	if names := namesOf(p.schema, value.NewDict(0)); len(names) > 0 && e.listed != p.schema {
		e.listed = p.schema
		e.add(at, "%s: there is no such setting; there are %s", setting, joined(names, "and"))
		return
	}
	e.add(at, "%s: there is no such setting", setting)
}

// joined lists texts with a word before the last.
func joined(texts []string, word string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " " + word + " " + texts[len(texts)-1]
}
