package singer

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// The replication methods of Singer's catalog.
const (
	fullTable   = "FULL_TABLE"
	incremental = "INCREMENTAL"
)

// catalogEntry is what --discover says of a stream. It has metadata for every property at any
// depth, since some clients do not make their own.
func catalogEntry(s *tap.Stream, schema *value.Dict) *value.Dict {
	schema = tableSchema(s, schema)
	keys := value.FromGo(keyProperties(s))
	root := value.DictOf("inclusion", "available", "selected", true, "selected-by-default", true, "table-key-properties", keys)
	entry := value.DictOf("tap_stream_id", s.Name, "stream", s.Name, "schema", schema, "key_properties", keys)
	if len(s.CursorField) > 0 {
		key := s.CursorField[0]
		entry.Set("replication_method", incremental)
		entry.Set("replication_key", key)
		root.Set("valid-replication-keys", value.NewList(key))
		root.Set("forced-replication-method", incremental)
	} else {
		entry.Set("replication_method", fullTable)
		root.Set("forced-replication-method", fullTable)
	}
	metadata := value.NewList(metadataEntry(nil, root))
	automatic := map[string]bool{}
	for _, key := range append(keyProperties(s), replicationKeys(s)...) {
		automatic[key] = true
	}
	addMetadata(metadata, nil, schema, automatic)
	entry.Set("metadata", metadata)
	return entry
}

// metadataEntry says something of the property that a breadcrumb leads to; nil: of the stream.
func metadataEntry(breadcrumb []string, d *value.Dict) *value.Dict {
	return value.DictOf("breadcrumb", breadcrumb, "metadata", d)
}

// addMetadata adds the metadata of all properties below a breadcrumb.
func addMetadata(list *value.List, breadcrumb []string, schema *value.Dict, automatic map[string]bool) {
	properties := dict(schema, "properties")
	if properties == nil {
		return
	}
	for name, property := range properties.All() {
		at := append(append([]string(nil), breadcrumb...), "properties", name)
		inclusion := "available"
		if automatic[name] {
			inclusion = "automatic"
		}
		list.Append(metadataEntry(at, value.DictOf("inclusion", inclusion)))
		if inner, ok := property.(*value.Dict); ok {
			addMetadata(list, at, inner, nil)
		}
	}
}

// replicationKeys has the replication key, if there is one. Of a field inside an object it is that
// object: Singer has no names for fields below the top of a record.
func replicationKeys(s *tap.Stream) []string { return s.CursorField[:min(1, len(s.CursorField))] }

// keyProperties are the fields of the primary key; none if one of them lies in an inner object.
// Singer has no names for such a field, and a target must not take the others for the whole key: it
// would merge records that differ.
func keyProperties(s *tap.Stream) []string {
	var keys []string
	for _, path := range s.PrimaryKey {
		if len(path) > 1 {
			return nil
		}
		keys = append(keys, path[0])
	}
	return keys
}

// list is a member that is a list; an empty one where it is missing.
func list(d *value.Dict, key string) *value.List {
	if l := value.Member[*value.List](d, key); l != nil {
		return l
	}
	return value.NewList()
}

func text(d *value.Dict, key string) string { return value.Member[string](d, key) }

func dict(d *value.Dict, key string) *value.Dict { return value.Member[*value.Dict](d, key) }
