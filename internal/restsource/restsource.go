// Package restsource writes the manifest of a "source: rest" configuration, so that any REST API is read by the
// same components as a manifest's.
package restsource

import (
	"fmt"

	"anytap/internal/value"
)

// Manifest is the low-code manifest that reads what the configuration describes. Secrets stay in the configuration: the
// manifest refers to them by templates. Types that the low-code language does not have are anytap's own: FirstListExtractor,
// InferredSchemaLoader, ReplicationKeyCursor. The configuration has been checked against spec.json; what that cannot
// check gives an error that names the field.
func Manifest(config *value.Dict) (*value.Dict, error) {
	streams := value.NewList()
	names := value.NewList()
	seen := map[string]bool{}
	for i, item := range list(config, "streams").All() {
		s, ok := item.(*value.Dict)
		if !ok {
			return nil, fmt.Errorf("streams[%d] is a %s, expected an object", i, value.TypeName(item))
		}
		name := text(s, "name")
		if seen[name] {
			return nil, fmt.Errorf("streams[%d].name is %q a second time, expected another name", i, name)
		}
		seen[name] = true
		stream, err := streamOf(config, s, fmt.Sprintf("config['streams'][%d]", i))
		if err != nil {
			return nil, fmt.Errorf("streams[%d].%w", i, err)
		}
		streams.Append(stream)
		names.Append(name)
	}
	if names.Len() == 0 {
		return nil, fmt.Errorf("streams is empty, expected one stream at least")
	}
	return value.DictOf(
		"version", "7.39.1", "type", "DeclarativeSource",
		"check", value.DictOf("type", "CheckStream", "stream_names", value.NewList(names.At(0))),
		"concurrency_level", value.DictOf("type", "ConcurrencyLevel", "default_concurrency", "{{ config.get('concurrency', 4) }}", "max_concurrency", int64(64)),
		"metadata", value.DictOf("x-anytap", value.DictOf("name", "rest")),
		"streams", streams,
		"spec", value.DictOf("type", "Spec", "connection_specification", value.DictOf("type", "object", "properties", value.NewDict(0))),
	), nil
}

// streamOf writes one stream; at is the template expression of its part of the configuration.
func streamOf(config, s *value.Dict, at string) (*value.Dict, error) {
	pages, err := paginationOf(config, s)
	if err != nil {
		return nil, fmt.Errorf("pagination.%w", err)
	}
	requester, err := requesterOf(config, s, at, pages)
	if err != nil {
		return nil, err
	}
	retriever := value.DictOf("type", "SimpleRetriever", "requester", requester,
		"record_selector", value.DictOf("type", "RecordSelector", "extractor", extractor(text(s, "records_path"), pages.component != nil)))
	if pages.component != nil {
		retriever.Set("paginator", pages.component)
	}
	if pages.addresses {
		retriever.Set("ignore_stream_slicer_parameters_on_paginated_requests", true)
	}
	stream := value.DictOf("type", "DeclarativeStream", "name", text(s, "name"), "primary_key", list(s, "primary_key"), "retriever", retriever,
		"x-anytap", value.DictOf("pages", pages.settings))
	if schema := dict(s, "schema"); schema != nil {
		stream.Set("schema_loader", value.DictOf("type", "InlineSchemaLoader", "schema", schema))
	} else {
		stream.Set("schema_loader", value.DictOf("type", "InferredSchemaLoader", "retriever", retriever.Clone()))
	}
	if key := text(s, "replication_key"); key != "" {
		stream.Set("incremental_sync", replication(s, key))
	}
	return stream, nil
}

func replication(s *value.Dict, key string) *value.Dict {
	cursor := value.DictOf("type", "ReplicationKeyCursor", "cursor_field", exact(key))
	if param := text(s, "replication_param"); param != "" {
		cursor.Set("request_option", option("request_parameter", param))
	}
	if start := text(s, "start_value"); start != "" {
		cursor.Set("start_value", exact(start))
	}
	return cursor
}

// extractor finds the records. Of an API with pages an answer without a list is an empty page, otherwise it is a record itself.
func extractor(path string, paged bool) *value.Dict {
	if path != "" {
		return value.DictOf("type", "DpathExtractor", "field_path", parts(path))
	}
	x := value.DictOf("type", "FirstListExtractor")
	if paged {
		x.Set("lists_only", true)
	}
	return x
}
