package restsource

import (
	"fmt"

	"anytap/internal/value"
)

// streamOf returns the stream for s; at is the template expression of s in the configuration.
func streamOf(config, s *value.Dict, at string) (*value.Dict, error) {
	pages, err := paginationOf(config, s)
	if err != nil {
		return nil, fmt.Errorf("pagination.%w", err)
	}
	requester, err := requesterOf(config, s, at, pages)
	if err != nil {
		return nil, err
	}
	extractor, err := extractorOf(s, pages.paginator != nil)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(s)
	if err != nil {
		return nil, err
	}
	retriever := value.DictOf("type", "SimpleRetriever",
		"requester", requester,
		"record_selector", value.DictOf("type", "RecordSelector", "extractor", extractor))
	if pages.paginator != nil {
		retriever.Set("paginator", pages.paginator)
	}
	if pages.addresses {
		retriever.Set("ignore_stream_slicer_parameters_on_paginated_requests", true)
	}
	stream := value.DictOf("type", "DeclarativeStream",
		"name", text(s, "name"),
		"primary_key", keys,
		"retriever", retriever,
		"x-anytap", value.DictOf("pages", pages.settings),
		"schema_loader", schemaLoaderOf(s, retriever))
	key, err := pathOf(s, "replication_key")
	if err != nil {
		return nil, err
	}
	if key.Len() > 0 {
		stream.Set("incremental_sync", cursorOf(s, key.String()))
	}
	return stream, nil
}

// keysOf returns the primary key of a stream: a list with a name or a list of names for each field.
func keysOf(s *value.Dict) (*value.List, error) {
	v, ok := s.Get("primary_key")
	if !ok || v == nil {
		return value.NewList(), nil
	}
	fields, ok := v.(*value.List)
	if !ok {
		fields = value.NewList(v)
	}
	keys := value.NewList()
	for i, field := range fields.All() {
		path, err := value.PathOf(field)
		if err != nil {
			return nil, fmt.Errorf("primary_key[%d] %w", i, err)
		}
		names := path.Names()
		if len(names) == 1 {
			keys.Append(names[0])
			continue
		}
		keys.Append(value.FromGo(names))
	}
	return keys, nil
}

// extractorOf returns the extractor of a stream. If the API has pages, an answer without a list is
// an empty page; if it has none, the answer is a record.
func extractorOf(s *value.Dict, paged bool) (*value.Dict, error) {
	path, err := pathOf(s, "records_path")
	if err != nil {
		return nil, err
	}
	if path.Len() > 0 {
		return value.DictOf("type", "DpathExtractor", "field_path", fieldPath(path)), nil
	}
	x := value.DictOf("type", "FirstListExtractor")
	if paged {
		x.Set("lists_only", true)
	}
	return x, nil
}

// schemaLoaderOf returns the schema loader of a stream that retriever reads.
func schemaLoaderOf(s, retriever *value.Dict) *value.Dict {
	if schema := dict(s, "schema"); schema != nil {
		return value.DictOf("type", "InlineSchemaLoader", "schema", schema)
	}
	return value.DictOf("type", "InferredSchemaLoader", "retriever", retriever.Clone())
}

// cursorOf returns the cursor of a stream with a replication_key.
func cursorOf(s *value.Dict, key string) *value.Dict {
	cursor := value.DictOf("type", "ReplicationKeyCursor", "cursor_field", exact(key))
	if param := text(s, "replication_param"); param != "" {
		cursor.Set("request_option", option("request_parameter", param))
	}
	if start := text(s, "start_value"); start != "" {
		cursor.Set("start_value", exact(start))
	}
	return cursor
}
