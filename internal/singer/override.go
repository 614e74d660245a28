package singer

import (
	"slices"
	"strings"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// overrides are what a catalog's entry says of keys. Discovery says the stream's own there, so what
// differs from these was chosen by the user.
type overrides struct {
	keys           [][]string // of each place that names a primary key
	replicationKey []string   // of each place that names one
}

// overridesOf reads an entry.
func overridesOf(entry *value.Dict, m metadata) overrides {
	var o overrides
	for _, at := range []struct {
		d    *value.Dict
		name string
	}{{m[""], "table-key-properties"}, {m[""], "view-key-properties"}, {entry, "key_properties"}} {
		l := value.Member[*value.List](at.d, at.name)
		if l == nil {
			continue
		}
		keys := []string{}
		for _, key := range l.All() {
			keys = append(keys, value.Str(key))
		}
		o.keys = append(o.keys, keys)
	}
	for _, key := range []string{text(m[""], "replication-key"), text(entry, "replication_key")} {
		if key != "" {
			o.replicationKey = append(o.replicationKey, key)
		}
	}
	return o
}

// isFullTable reports whether an entry asks for a full refresh. A method that the user chose
// (replication-method) decides; else one of the others is enough, as a catalog can be edited in
// either place.
func isFullTable(entry *value.Dict, m metadata) bool {
	if method := text(m[""], "replication-method"); method != "" {
		return method == fullTable
	}
	return text(m[""], "forced-replication-method") == fullTable || text(entry, "replication_method") == fullTable
}

// override gives a wanted stream the keys that the catalog chose. keys are those of its SCHEMA.
func (r *run) override(w *frontend.Wanted) (keys []string, err error) {
	o, s := r.overrides[w.Name], w.Stream
	keys = keyProperties(s)
	for _, chosen := range o.keys {
		if !slices.Equal(chosen, keys) && !(len(chosen) == 0 && len(keys) == 0) {
			keys = chosen
			break
		}
	}
	properties := value.Member[*value.Dict](w.Schema, "properties")
	for _, key := range keys {
		if properties == nil || slices.Contains(keyProperties(s), key) {
			continue
		}
		if _, ok := properties.Get(key); !ok {
			return nil, tap.Errorf(tap.Config, "%s: the key of stream %s is %s, and its schema has no property %s that is selected", r.CatalogFile, w.Name, strings.Join(keys, ", "), key)
		}
	}
	own := replicationKeys(s)
	for _, key := range o.replicationKey {
		switch {
		case slices.Contains(own, key):
			continue
		case s.CursorFieldFromCatalog:
			w.CursorField = []string{key}
		case len(own) == 0:
			r.Log.Warn("the replication key of the catalog has no effect: the stream can only be read whole", "stream", w.Name, "replication_key", key)
		default:
			r.Log.Warn("the replication key of the catalog has no effect: the source says which field is followed", "stream", w.Name, "replication_key", key, "followed", own[0])
		}
		break
	}
	return keys, nil
}
