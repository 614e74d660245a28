package airbyte

import (
	"context"
	"fmt"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// catalog is what discover prints: every stream that can be read.
func catalog(ctx context.Context, streams []*tap.Stream) (*value.Dict, error) {
	list := value.NewList()
	for _, s := range streams {
		entry, err := catalogEntry(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", s.Name, err)
		}
		list.Append(entry)
	}
	return value.DictOf("streams", list), nil
}

func catalogEntry(ctx context.Context, s *tap.Stream) (*value.Dict, error) {
	schema, err := s.Schema(ctx)
	if err != nil {
		return nil, err
	}
	modes := value.NewList("full_refresh")
	incremental := len(s.CursorField) > 0
	if incremental {
		modes.Append("incremental")
	}
	d := value.DictOf("name", s.Name, "json_schema", schema, "supported_sync_modes", modes)
	if s.Namespace != "" {
		d.Set("namespace", s.Namespace)
	}
	if incremental {
		d.Set("source_defined_cursor", !s.CursorFieldFromCatalog)
		d.Set("default_cursor_field", paths(s.CursorField))
	}
	if len(s.PrimaryKey) > 0 {
		keys := value.NewList()
		for _, path := range s.PrimaryKey {
			keys.Append(paths(path))
		}
		d.Set("source_defined_primary_key", keys)
	}
	d.Set("is_resumable", incremental)
	d.Set("is_file_based", s.FileBased)
	return d, nil
}

func paths(path []string) *value.List {
	list := value.NewList()
	for _, part := range path {
		list.Append(part)
	}
	return list
}

// configured is one stream of the catalog that a read is given.
type configured struct {
	name        string
	fullRefresh bool
	cursorField []string
	schema      *value.Dict // what the client expects of the stream; may be nil
}

// readCatalog reads a ConfiguredAirbyteCatalog. Nulls and unknown members are accepted, as clients send both.
func readCatalog(path string, v any) ([]configured, error) {
	root, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object with streams", path, value.TypeName(v))
	}
	streams, _ := root.Get("streams")
	list, ok := streams.(*value.List)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: streams is a %s, expected a list", path, value.TypeName(streams))
	}
	var all []configured
	for i, item := range list.All() {
		c, err := readConfigured(item)
		if err != nil {
			return nil, tap.Errorf(tap.Config, "%s: streams[%d]%w", path, i, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func readConfigured(item any) (configured, error) {
	d, ok := item.(*value.Dict)
	if !ok {
		return configured{}, fmt.Errorf(" is a %s, expected an object", value.TypeName(item))
	}
	stream, _ := dict(d, "stream")
	if stream == nil || text(stream, "name") == "" {
		return configured{}, fmt.Errorf(".stream.name is missing, expected the stream's name")
	}
	c := configured{name: text(stream, "name")}
	c.schema, _ = dict(stream, "json_schema")
	switch mode := text(d, "sync_mode"); mode {
	case "full_refresh":
		c.fullRefresh = true
	case "incremental":
	default:
		return c, fmt.Errorf(".sync_mode is %q, expected full_refresh or incremental", mode)
	}
	if field, _ := d.Get("cursor_field"); field != nil {
		list, ok := field.(*value.List)
		if !ok {
			return c, fmt.Errorf(".cursor_field is a %s, expected a list of names", value.TypeName(field))
		}
		for _, part := range list.All() {
			c.cursorField = append(c.cursorField, value.Str(part))
		}
	}
	return c, nil
}
