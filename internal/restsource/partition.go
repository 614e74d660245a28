package restsource

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/value"
)

// A stream is read once for each record of its parent, and for each of its values. What differs
// between the requests stands in braces in path, params, headers and body: {parent.field}, or the
// parent's name in place of parent, and {value}.

// partitions are the partitions of one stream.
type partitions struct {
	parent *value.Dict // the parent's settings; nil: there is none
	names  []string    // of the parent, its parent and so on
	values *value.List // nil: there are none
	// fields are the fields of the parent that requests refer to, by their names in braces. The key
	// comes first; it and the identity tell partitions apart.
	fields   []parentField
	included []includedField
	changed  bool // only the children of parents that changed are read
	missing  string
}

// parentField is a field of the parent's records.
type parentField struct {
	name     string // its path with dots
	path     []string
	identity bool // it is part of the partition
	optional bool // it may be missing
	// inherited says that the path leads to the parent's own parent.
	inherited bool
}

// includedField is a field of the parent that records get.
type includedField struct {
	name  string
	field parentField
}

// The names of a partition's fields in the manifest.
const (
	valueField   = "value"
	parentPrefix = "parent."
)

// partitionsOf reads parent, include and values of the stream s.
func (f *family) partitionsOf(s *value.Dict) (*partitions, error) {
	p := &partitions{missing: "fail"}
	if v, _ := s.Get("values"); v != nil {
		l, _ := v.(*value.List)
		if l == nil || l.Len() == 0 {
			return nil, fmt.Errorf("values is %s, expected a list of texts or numbers", value.Repr(v))
		}
		p.values = value.NewList()
		for i, item := range l.All() {
			text, err := listedText(item)
			if err != nil {
				return nil, fmt.Errorf("values[%d] %w", i, err)
			}
			p.values.Append(text)
		}
	}
	if err := f.readParent(s, p); err != nil {
		return nil, err
	}
	if err := p.refer(s); err != nil {
		return nil, err
	}
	return p, p.include(dict(s, "include"))
}

func listedText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil, bool, *value.Dict, *value.List:
		return "", fmt.Errorf("is a %s, expected a text or a number", value.TypeName(v))
	}
	return string(value.Append(nil, v)), nil
}

// readParent reads parent: a name, or an object with it.
func (f *family) readParent(s *value.Dict, p *partitions) error {
	v, _ := s.Get("parent")
	if v == nil {
		if _, ok := s.Get("include"); ok {
			return fmt.Errorf("include has no use without parent: write parent: NAME, the stream whose fields are included")
		}
		return nil
	}
	name, _ := v.(string)
	if d, ok := v.(*value.Dict); ok {
		name = text(d, "stream")
		if text(d, "missing") == "skip" {
			p.missing = "skip"
		}
		p.changed = isTrue(d, "changed_only")
	}
	p.parent = f.stream(name)
	if p.parent == nil {
		return fmt.Errorf("parent is %q, which is no stream: expected %s", name, f.suggest(name, text(s, "name")))
	}
	names, err := f.ancestors(s)
	if p.names = names; err != nil {
		return err
	}
	if p.changed && p.values != nil {
		return fmt.Errorf("parent.changed_only does not go with values: the parent's state is not kept there")
	}
	if p.changed && !has(p.parent, "replication_key") {
		return fmt.Errorf("parent.changed_only needs a parent with a replication_key, and %q has none", name)
	}
	return nil
}

// refer finds the fields that requests refer to.
func (p *partitions) refer(s *value.Dict) error {
	used := false
	for _, setting := range []string{"path", "params", "headers", "body", "form"} {
		v, _ := s.Get(setting)
		err := eachText(setting, v, func(at, text string) error {
			parts, err := p.parts(text, setting == "path")
			if err != nil {
				return fmt.Errorf("%s %w", at, err)
			}
			for _, part := range parts {
				used = used || part.isValue
				if part.field != nil {
					p.add(*part.field)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if p.values != nil && !used {
		return fmt.Errorf("values has no use: write {value} where it belongs, in path, params, headers or body")
	}
	if p.parent == nil {
		return nil
	}
	if len(p.fields) == 0 {
		return fmt.Errorf("parent is %q, but the requests do not depend on it: write {parent.id}, or another of its fields, in path, params, headers or body", p.names[0])
	}
	p.chooseKey()
	return nil
}

func (p *partitions) add(field parentField) {
	if !slices.ContainsFunc(p.fields, func(f parentField) bool { return f.name == field.name }) {
		p.fields = append(p.fields, field)
	}
}

// chooseKey puts first what a partition is known by: the parent's primary key if it is one field,
// else all that requests refer to.
func (p *partitions) chooseKey() {
	keys, _ := p.parent.Get("primary_key")
	if l, ok := keys.(*value.List); ok && l.Len() == 1 {
		keys = l.At(0)
	}
	path, err := value.PathOf(keys)
	if _, isText := keys.(string); err != nil || !isText {
		for i := range p.fields {
			p.fields[i].identity = true
		}
		return
	}
	key := p.newField(path.Names())
	p.fields = slices.DeleteFunc(p.fields, func(f parentField) bool { return f.name == key.name })
	p.fields = slices.Insert(p.fields, 0, key)
	p.fields[0].identity = true
}

func (p *partitions) newField(path []string) parentField {
	inherited := len(path) > 1 && path[0] == "parent" && parentName(p.parent) != ""
	return parentField{name: strings.Join(path, "."), path: path, inherited: inherited}
}

// include reads the fields that records get from the parent.
func (p *partitions) include(d *value.Dict) error {
	if d == nil {
		return nil
	}
	for name, v := range d.All() {
		path, err := value.PathOf(v)
		if err != nil {
			return fmt.Errorf("include.%s %w", name, err)
		}
		field := p.fieldOf(path)
		field.optional = true
		p.included = append(p.included, includedField{name, field})
		p.add(field)
	}
	return nil
}

// eachText calls f for the texts in v, which stands at a setting.
func eachText(at string, v any, f func(at, text string) error) error {
	switch v := v.(type) {
	case string:
		return f(at, v)
	case *value.Dict:
		for name, inner := range v.All() {
			if err := eachText(at+"."+name, inner, f); err != nil {
				return err
			}
		}
	case *value.List:
		for i, inner := range v.All() {
			if err := eachText(fmt.Sprintf("%s[%d]", at, i), inner, f); err != nil {
				return err
			}
		}
	}
	return nil
}
