package spec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/fit"
	"anytap/internal/spelling"
	"anytap/internal/value"
)

// alternative is one schema of a oneOf or anyOf.
type alternative struct {
	schema *value.Dict
	kind   string // the constant value of the discriminating member
	open   bool   // it need not be given: this alternative is meant without it
}

// alternatives explains why a value fits none of several schemas: by the fault of the one that is
// meant.
func (e *explainer) alternatives(p place, f *jsonschema.ValidationError) {
	name, all := alternativesOf(p.schema, p.keyword)
	given, _ := p.value.(*value.Dict)
	if name == "" || given == nil {
		e.byType(p, f)
		return
	}
	v, has := given.Get(name)
	if !has {
		if typed := misspelled(name, given, all); typed != "" {
			at := append(slices.Clip(p.path), typed)
			e.add(at, "%s: there is no such setting; did you mean %s?", placeName(e.config, at), name)
			return
		}
	}
	at := append(slices.Clip(p.path), name)
	setting := placeName(e.config, at)
	for i, a := range all {
		if has && v == any(a.kind) || !has && a.open {
			e.branch(f, i)
			return
		}
	}
	var kinds []string
	for _, a := range all {
		kinds = append(kinds, a.kind)
	}
	if !has {
		e.add(at, "%s is missing, expected %s", setting, joined(kinds, "or"))
		return
	}
	e.add(at, "%s %s", setting, noneOf(v, kinds))
}

// misspelled is the member that was meant to be the one which tells alternatives apart; "" if none
// was.
func misspelled(name string, given *value.Dict, all []alternative) string {
	for typed := range given.All() {
		known := slices.ContainsFunc(all, func(a alternative) bool { _, ok := value.At(a.schema, "properties", typed); return ok })
		if !known && spelling.Nearest(typed, []string{name}) != "" {
			return typed
		}
	}
	return ""
}

// branch explains the faults of one alternative.
func (e *explainer) branch(f *jsonschema.ValidationError, i int) {
	prefix := f.KeywordLocation + "/" + strconv.Itoa(i)
	for _, cause := range f.Causes {
		if cause.KeywordLocation == prefix || strings.HasPrefix(cause.KeywordLocation, prefix+"/") {
			e.fault(cause)
		}
	}
}

// byType explains a value of alternatives that no member tells apart: by the only alternative whose
// type it has.
func (e *explainer) byType(p place, f *jsonschema.ValidationError) {
	var fitting []int
	list := value.Member[*value.List](p.schema, p.keyword)
	if list == nil {
		return
	}
	var titles []string
	for i, v := range list.All() {
		schema, _ := v.(*value.Dict)
		if schema == nil {
			continue
		}
		if title := value.Member[string](schema, "title"); title != "" {
			titles = append(titles, title)
		}
		if slices.Contains(fit.Types(schema), value.JSONType(p.value)) {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) == 1 {
		e.branch(f, fitting[0])
		return
	}
	text := "fits none of the alternatives that there are"
	if len(titles) > 1 {
		text = "is none of " + joined(titles, "and")
	}
	e.add(p.path, "%s %s", placeName(e.config, p.path), text)
}

// alternativesOf finds the member that tells a schema's alternatives apart, each by a constant of
// its own; an empty name: there is none.
func alternativesOf(schema *value.Dict, keyword string) (name string, all []alternative) {
	if schema == nil {
		return "", nil
	}
	list := value.Member[*value.List](schema, keyword)
	if list == nil || list.Len() == 0 {
		return "", nil
	}
	first, _ := list.At(0).(*value.Dict)
	if first == nil {
		return "", nil
	}
	properties := value.Member[*value.Dict](first, "properties")
	if properties == nil {
		return "", nil
	}
	for name := range properties.All() {
		if all := toldApart(list, name); all != nil {
			return name, all
		}
	}
	return "", nil
}

func toldApart(list *value.List, name string) []alternative {
	var all []alternative
	for _, v := range list.All() {
		kind, _ := value.At(v, "properties", name, "const")
		text, ok := kind.(string)
		if !ok {
			return nil
		}
		required, _ := value.At(v, "required")
		names, _ := required.(*value.List)
		all = append(all, alternative{v.(*value.Dict), text, names == nil || !slices.Contains(names.Values(), any(name))})
	}
	return all
}

// kindsWith are the alternatives beside the one that p is in which have a setting of that name, and
// own is the name of that one; none where p is no alternative.
func (e *explainer) kindsWith(p place, setting string) (kinds []string, own string) {
	n := len(p.location)
	if n < 3 || p.location[n-3] != "oneOf" && p.location[n-3] != "anyOf" {
		return nil, ""
	}
	holder, _ := value.At(e.schema, p.location[:n-3]...)
	schema, _ := holder.(*value.Dict)
	name, all := alternativesOf(schema, p.location[n-3])
	given, _ := p.value.(*value.Dict)
	for _, a := range all {
		if _, ok := value.At(a.schema, "properties", setting); ok {
			kinds = append(kinds, a.kind)
		}
		if a.schema == p.schema {
			own = a.kind
			if _, ok := given.Get(name); !ok {
				own += ", the default: set " + name + " too"
			}
		}
	}
	return kinds, own
}
