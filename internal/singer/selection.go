package singer

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/frontend"
	"anytap/internal/value"
)

// fields says which fields of an object are kept. A field of keep with a nil entry is kept whole.
type fields struct {
	keep map[string]*fields
	drop map[string]bool
}

// prune removes the other fields from a record. Fields that the catalog does not name stay.
func (f *fields) prune(d *value.Dict) {
	for name := range f.drop {
		d.Delete(name)
	}
	for name, inner := range f.keep {
		if inner == nil {
			continue
		}
		v, _ := d.Get(name)
		inner.pruneValue(v)
	}
}

func (f *fields) pruneValue(v any) {
	switch v := v.(type) {
	case *value.Dict:
		f.prune(v)
	case *value.List:
		for _, item := range v.All() {
			f.pruneValue(item)
		}
	}
}

// readEntry reads one stream of the catalog, by the Meltano SDK's rules of selection, and remembers
// the fields that it leaves out.
func (r *run) readEntry(entry *value.Dict) (c frontend.Configured, selected bool, err error) {
	c.Name = text(entry, "tap_stream_id")
	if c.Name == "" {
		c.Name = text(entry, "stream")
	}
	if dict(entry, "stream") != nil && c.Name == "" {
		return c, false, fmt.Errorf(" is an entry of Airbyte's catalog, expected one of Singer's with tap_stream_id; use it with anytap read")
	}
	if c.Name == "" {
		return c, false, fmt.Errorf(".tap_stream_id is missing, expected the stream's name")
	}
	m := metadataOf(entry)
	if !m.streamSelected(entry) {
		return c, false, nil
	}
	c.FullRefresh = isFullTable(entry, m)
	r.overrides[c.Name] = overridesOf(entry, m)
	r.fields[c.Name] = nil
	if schema := dict(entry, "schema"); schema != nil && schema.Len() > 0 {
		c.Schema = schema.Clone()
		r.fields[c.Name] = m.prunedBy(c.Schema, nil, true)
	}
	return c, true, nil
}

// metadata is that of a catalog entry, by breadcrumb (see breadcrumb).
type metadata map[string]*value.Dict

func metadataOf(entry *value.Dict) metadata {
	m := metadata{"": value.NewDict(0)}
	for _, item := range list(entry, "metadata").All() {
		d, ok := item.(*value.Dict)
		if !ok {
			continue
		}
		var crumbs []string
		for _, c := range list(d, "breadcrumb").All() {
			crumbs = append(crumbs, value.Str(c))
		}
		if inner := dict(d, "metadata"); inner != nil {
			m[breadcrumb(crumbs)] = inner
		}
	}
	return m
}

// breadcrumb joins a path with a character that no name of a property has.
func breadcrumb(crumbs []string) string { return strings.Join(crumbs, "\x00") }

// streamSelected reports whether an entry is to be read. Of what may say so, the first that does
// counts.
func (m metadata) streamSelected(entry *value.Dict) bool {
	root := m[""]
	switch text(root, "inclusion") {
	case "unsupported":
		return false
	case "automatic":
		return true
	}
	for _, at := range []struct {
		d   *value.Dict
		key string
	}{{root, "selected"}, {entry, "selected"}, {root, "selected-by-default"}} {
		if v, ok := at.d.Get(at.key); ok {
			return v == true
		}
	}
	if schema := dict(entry, "schema"); schema != nil {
		if v, ok := schema.Get("selected"); ok {
			return v == true
		}
	}
	return len(m) == 1 && root.Len() == 0 // a catalog without any metadata selects everything
}

// prunedBy removes the properties that are not selected from the schema, and returns the fields
// that records keep; nil: all. parent says whether the object around them is selected.
func (m metadata) prunedBy(schema *value.Dict, crumbs []string, parent bool) *fields {
	properties := dict(schema, "properties")
	if properties == nil {
		if items := dict(schema, "items"); items != nil {
			return m.prunedBy(items, append(slices.Clone(crumbs), "items"), parent)
		}
		return nil
	}
	f := &fields{keep: map[string]*fields{}, drop: map[string]bool{}}
	for _, name := range properties.Keys() {
		property := dict(properties, name)
		at := append(slices.Clone(crumbs), "properties", name)
		selected := m.fieldSelected(at, property, parent)
		if !selected {
			f.drop[name] = true
			properties.Delete(name)
			continue
		}
		if property != nil {
			if inner := m.prunedBy(property, at, selected); inner != nil {
				f.keep[name] = inner
			}
		}
	}
	if len(f.drop) == 0 && len(f.keep) == 0 {
		return nil
	}
	return f
}

// fieldSelected reports whether a property is selected. One that nothing is said of goes with its
// parent.
func (m metadata) fieldSelected(crumbs []string, property *value.Dict, parent bool) bool {
	d := m[breadcrumb(crumbs)]
	if d == nil {
		d = value.NewDict(0)
	}
	switch text(d, "inclusion") {
	case "unsupported":
		return false
	case "automatic":
		return true
	}
	if v, ok := d.Get("selected"); ok {
		return v == true
	}
	if property != nil {
		if v, ok := property.Get("selected"); ok {
			return v == true
		}
	}
	if v, ok := d.Get("selected-by-default"); ok {
		return v == true
	}
	return parent
}
