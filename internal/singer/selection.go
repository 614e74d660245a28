package singer

import (
	"slices"
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// chosen is one stream of the catalog that a run is given, by the Meltano SDK's rules of selection.
type chosen struct {
	id          string
	schema      *value.Dict // the catalog's schema without the fields that are left out; nil: the stream's own
	fullRefresh bool
	fields      *fields // nil: all
}

// fields are those kept of an object; a field with a nil entry is kept whole.
type fields struct {
	keep map[string]*fields
	drop map[string]bool
}

// prune removes what is left out from a record. Fields that the catalog does not name are kept.
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

// readCatalog reads the catalog and gives the streams that it selects, in its order.
func readCatalog(path string, v any) ([]chosen, error) {
	root, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object with streams", path, value.TypeName(v))
	}
	streams, _ := root.Get("streams")
	entries, ok := streams.(*value.List)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: streams is a %s, expected a list", path, value.TypeName(streams))
	}
	var all []chosen
	for i, item := range entries.All() {
		entry, ok := item.(*value.Dict)
		if !ok {
			return nil, tap.Errorf(tap.Config, "%s: streams[%d] is a %s, expected an object", path, i, value.TypeName(item))
		}
		id := text(entry, "tap_stream_id")
		if id == "" {
			id = text(entry, "stream")
		}
		if id == "" {
			return nil, tap.Errorf(tap.Config, "%s: streams[%d].tap_stream_id is missing, expected the stream's name", path, i)
		}
		if c, ok := choose(id, entry); ok {
			all = append(all, c)
		}
	}
	return all, nil
}

func choose(id string, entry *value.Dict) (chosen, bool) {
	m := metadataOf(entry)
	if !m.streamSelected(entry) {
		return chosen{}, false
	}
	c := chosen{id: id}
	root := m[""]
	method := text(entry, "replication_method")
	for _, key := range []string{"replication-method", "forced-replication-method"} {
		if v := text(root, key); v != "" {
			method = v
		}
	}
	c.fullRefresh = method == fullTable
	if schema, ok := dict(entry, "schema"); ok && schema.Len() > 0 {
		c.schema = schema.Clone()
		c.fields = m.prunedBy(c.schema, nil, true)
	}
	return c, true
}

// metadata is a catalog entry's, by breadcrumb.
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
		if inner, ok := dict(d, "metadata"); ok {
			m[breadcrumb(crumbs)] = inner
		}
	}
	return m
}

// breadcrumb joins a path with a character that no property name holds.
func breadcrumb(crumbs []string) string { return strings.Join(crumbs, "\x00") }

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
	if schema, ok := dict(entry, "schema"); ok {
		if v, ok := schema.Get("selected"); ok {
			return v == true
		}
	}
	return len(m) == 1 && root.Len() == 0 // a catalog without any metadata selects everything
}

// prunedBy removes deselected properties from the schema and returns what records lose by it; nil: nothing.
func (m metadata) prunedBy(schema *value.Dict, crumbs []string, parent bool) *fields {
	properties, _ := dict(schema, "properties")
	if properties == nil {
		if items, ok := dict(schema, "items"); ok {
			return m.prunedBy(items, append(slices.Clone(crumbs), "items"), parent)
		}
		return nil
	}
	f := &fields{keep: map[string]*fields{}, drop: map[string]bool{}}
	for _, name := range properties.Keys() {
		property, _ := dict(properties, name)
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
