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
	retriever := value.DictOf("type", "SimpleRetriever",
		"requester", requester,
		"record_selector", value.DictOf("type", "RecordSelector", "extractor", extractorOf(s, pages.paginator != nil)))
	if pages.paginator != nil {
		retriever.Set("paginator", pages.paginator)
	}
	if pages.addresses {
		retriever.Set("ignore_stream_slicer_parameters_on_paginated_requests", true)
	}
	stream := value.DictOf("type", "DeclarativeStream",
		"name", text(s, "name"),
		"primary_key", list(s, "primary_key"),
		"retriever", retriever,
		"x-anytap", value.DictOf("pages", pages.settings),
		"schema_loader", schemaLoaderOf(s, retriever))
	if key := text(s, "replication_key"); key != "" {
		stream.Set("incremental_sync", cursorOf(s, key))
	}
	return stream, nil
}

// extractorOf returns the extractor of a stream. If the API has pages, an answer without a list is
// an empty page; if it has none, the answer is a record.
func extractorOf(s *value.Dict, paged bool) *value.Dict {
	if path := text(s, "records_path"); path != "" {
		return value.DictOf("type", "DpathExtractor", "field_path", fieldPath(path))
	}
	x := value.DictOf("type", "FirstListExtractor")
	if paged {
		x.Set("lists_only", true)
	}
	return x
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
