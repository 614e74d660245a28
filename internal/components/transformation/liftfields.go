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
// A member whose name the record has already gets the names of its path before its own, as
// attributes_id. What is no object stays; null goes. The component is anytap's own, for the
// configuration's source rest.
type liftFieldsDefinition struct {
	Paths [][]string `manifest:"field_paths,required" doc:"The paths of the objects."`
}

func buildLiftFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def liftFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	for _, path := range def.Paths {
		if len(path) == 0 {
			return nil, n.Get("field_paths").Problem("has an empty path, expected names")
		}
	}
	return liftFields{paths: def.Paths}, nil
}

type liftFields struct {
	anyMember
	paths [][]string
}

// Bind is contract.Transformer's.
func (t liftFields) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		for _, path := range t.paths {
			lift(record, path)
		}
		return nil
	}
}

func lift(record *value.Dict, path []string) {
	if len(path) == 1 && liftText(record, path[0]) {
		return
	}
	holder, last, prefix := record, path[len(path)-1], strings.Join(path, "_")+"_"
	for _, name := range path[:len(path)-1] {
		v, _ := holder.Get(name)
		inner, ok := v.(*value.Dict)
		if !ok {
			return
		}
		holder = inner
	}
	v, ok := holder.Get(last)
	object, isObject := v.(*value.Dict)
	if !ok || !isObject && v != nil {
		return
	}
	holder.Delete(last)
	if !isObject {
		return
	}
	for name, member := range object.All() {
		for taken := true; taken; {
			if _, taken = record.Get(name); taken {
				name = prefix + name
			}
		}
		record.Set(name, member)
	}
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
