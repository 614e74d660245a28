package transformation

import (
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// liftFieldsDefinition configures LiftFields, which puts the members of objects in a record at its
// top, in place of the objects.
//
//	type: LiftFields
//	field_paths: [[attributes]]
//
// A path may also be a text such as shop.address: a member with that name counts before what its
// parts lead to. A member whose name the record has already gets the names of its path before its
// own, as attributes_id. What is no object stays; null goes. The component is anytap's own, for the
// configuration's source rest.
type liftFieldsDefinition struct {
	Paths []any `manifest:"field_paths,required" doc:"The paths of the objects: lists of names, or dotted texts."`
}

func buildLiftFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def liftFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	t := liftFields{}
	for i, path := range def.Paths {
		p, err := value.PathOf(path)
		if err != nil {
			return nil, n.Get("field_paths").Problem("field_paths[%d] %v", i, err)
		}
		t.paths = append(t.paths, p.Readings())
	}
	return t, nil
}

type liftFields struct {
	anyMember
	paths [][][]string // the ways to take each apart into names, in their order
}

// Bind is contract.Transformer's.
func (t liftFields) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		for _, readings := range t.paths {
			for _, path := range readings {
				if lift(record, path) {
					break
				}
			}
		}
		return nil
	}
}

// lift reports whether there was something at the path.
func lift(record *value.Dict, path []string) bool {
	if len(path) == 1 && liftText(record, path[0]) {
		return true
	}
	holder, last, prefix := record, path[len(path)-1], strings.Join(path, "_")+"_"
	for _, name := range path[:len(path)-1] {
		v, _ := holder.Get(name)
		inner, ok := v.(*value.Dict)
		if !ok {
			return false
		}
		holder = inner
	}
	v, ok := holder.Get(last)
	object, isObject := v.(*value.Dict)
	if !ok || !isObject && v != nil {
		return ok
	}
	holder.Delete(last)
	if !isObject {
		return true
	}
	for name, member := range object.All() {
		for taken := true; taken; {
			if _, taken = record.Get(name); taken {
				name = prefix + name
			}
		}
		record.Set(name, member)
	}
	return true
}

// liftText is lift for a record that has not changed since it came. It copies texts, so that
// numbers keep their digits. It reports whether it could.
func liftText(record *value.Dict, name string) bool {
	if _, ok := record.Untouched(); !ok {
		return false
	}
	object, ok := record.Raw(name)
	if !ok || object[0] != '{' {
		return false
	}
	var out value.TextDict
	taken, twice := map[string]bool{}, false
	_ = record.Texts(func(key, val []byte) bool {
		if !rawjson.KeyIs(key, name) {
			field := rawjson.Unquote(key)
			twice = twice || taken[field]
			taken[field] = true
			out.AddText(key, val)
		}
		return true
	})
	if twice {
		return false
	}
	inner := value.LazyDict(object)
	for _, field := range inner.Keys() { // each once
		val, ok := inner.Raw(field)
		if !ok {
			return false
		}
		for taken[field] {
			field = name + "_" + field
		}
		taken[field] = true
		out.AddText(rawjson.AppendQuoted(nil, field), val)
	}
	out.Into(record)
	return true
}
