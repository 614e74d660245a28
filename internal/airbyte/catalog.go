package airbyte

import (
	"fmt"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// catalogEntry is what discover says of a stream.
func catalogEntry(s *tap.Stream, schema *value.Dict) *value.Dict {
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
		d.Set("default_cursor_field", value.FromGo(s.CursorField))
	}
	if len(s.PrimaryKey) > 0 {
		keys := value.NewList()
		for _, path := range s.PrimaryKey {
			keys.Append(value.FromGo(path))
		}
		d.Set("source_defined_primary_key", keys)
	}
	d.Set("is_resumable", incremental)
	d.Set("is_file_based", s.FileBased)
	return d
}

// readConfigured reads one stream of a ConfiguredAirbyteCatalog. Nulls are accepted, as clients
// send them.
func readConfigured(d *value.Dict) (c frontend.Configured, selected bool, err error) {
	stream := value.Member[*value.Dict](d, "stream")
	c.Name = value.Member[string](stream, "name")
	if _, singers := d.Get("tap_stream_id"); singers && c.Name == "" {
		return c, false, fmt.Errorf(" is an entry of Singer's catalog, expected one of Airbyte's: {\"stream\": {\"name\": …}, \"sync_mode\": …}; call anytap without read to use it")
	}
	if c.Name == "" {
		return c, false, fmt.Errorf(".stream.name is missing, expected the stream's name")
	}
	c.Schema = value.Member[*value.Dict](stream, "json_schema")
	switch mode := value.Member[string](d, "sync_mode"); mode {
	case "full_refresh":
		c.FullRefresh = true
	case "incremental":
	default:
		return c, false, fmt.Errorf(".sync_mode is %q, expected full_refresh or incremental", mode)
	}
	if field, _ := d.Get("cursor_field"); field != nil {
		list, ok := field.(*value.List)
		if !ok {
			return c, false, fmt.Errorf(".cursor_field is %s, expected a list of names", value.Describe(field))
		}
		for _, part := range list.All() {
			c.CursorField = append(c.CursorField, value.Str(part))
		}
	}
	return c, true, nil
}
