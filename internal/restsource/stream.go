package restsource

import (
	"fmt"
	"strings"

	"anytap/internal/value"
)

// streamOf returns the stream for s; at is the template expression of s in the configuration.
func (f *family) streamOf(s *value.Dict, at string) (*value.Dict, error) {
	parts, err := f.partitionsOf(s)
	if err != nil {
		return nil, err
	}
	pages, err := paginationOf(s)
	if err != nil {
		return nil, fmt.Errorf("pagination.%w", err)
	}
	requester, err := requesterOf(f.config, s, at, pages, parts)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(s)
	if err != nil {
		return nil, err
	}
	retriever, err := f.retrieverOf(s, requester, pages, parts)
	if err != nil {
		return nil, err
	}
	extension := value.DictOf("pages", pages.settings)
	if err := setRows(extension, s); err != nil {
		return nil, err
	}
	stream := value.DictOf("type", "DeclarativeStream",
		"name", text(s, "name"),
		"primary_key", keys,
		"retriever", retriever,
		"x-anytap", extension,
		"schema_loader", schemaLoaderOf(s, retriever))
	if err := addFlattened(stream, s); err != nil {
		return nil, err
	}
	parts.addIncluded(stream)
	if err := f.setCursor(stream, s); err != nil {
		return nil, err
	}
	if err := setChanges(stream, s, pages); err != nil {
		return nil, err
	}
	return stream, nil
}

// retrieverOf returns the retriever of a stream whose requests the requester makes.
func (f *family) retrieverOf(s, requester *value.Dict, pages *pagination, parts *partitions) (*value.Dict, error) {
	extractor, err := extractorOf(s, pages.paginator != nil && !pages.auto)
	if err != nil {
		return nil, err
	}
	retriever := value.DictOf("type", "SimpleRetriever",
		"requester", requester,
		"record_selector", value.DictOf("type", "RecordSelector", "extractor", extractor))
	if err := setDecoder(retriever, s); err != nil {
		return nil, err
	}
	if pages.paginator != nil {
		retriever.Set("paginator", pages.paginator)
	}
	if f.isParent(s) {
		requester.Set("use_cache", true)
	}
	router, err := f.routerOf(parts)
	if err != nil {
		return nil, err
	}
	if router != nil {
		retriever.Set("partition_router", router)
	}
	if pages.addresses {
		retriever.Set("ignore_stream_slicer_parameters_on_paginated_requests", true)
	}
	return retriever, nil
}

// keysOf returns the primary key of a stream: a list of names, or of paths if one of the fields
// lies in an inner object.
func keysOf(s *value.Dict) (*value.List, error) {
	v, _ := s.Get("primary_key")
	if v == nil {
		return value.NewList(), nil
	}
	names, paths := value.NewList(), value.NewList()
	nested := false
	for i, field := range several(v).All() {
		path, err := keyPath(field)
		if err != nil {
			return nil, fmt.Errorf("primary_key[%d] %w", i, err)
		}
		nested = nested || path.Len() > 1
		names.Append(path.At(0))
		paths.Append(path)
	}
	if nested {
		return paths, nil
	}
	return names, nil
}

// keyPath returns the segments of one field of a key. A name that begins with "@" has its dots for
// itself, as @odata.id: what the key is must be known before the first record.
func keyPath(field any) (*value.List, error) {
	if text, ok := field.(string); ok && strings.HasPrefix(text, "@") {
		return value.NewList(text), nil
	}
	path, err := value.PathOf(field)
	if err != nil {
		return nil, err
	}
	return value.FromGo(path.Names()).(*value.List), nil
}

// extractorOf returns the extractor of a stream. If the API has pages, an answer without a list is
// an empty page; if it has none, the answer is a record.
func extractorOf(s *value.Dict, paged bool) (*value.Dict, error) {
	path, whole, err := recordsPath(s)
	if err != nil {
		return nil, err
	}
	if path.Len() > 0 {
		return value.DictOf("type", "DpathExtractor", "field_path", fieldPath(path)), nil
	}
	if whole || wholeAnswer(s) {
		return value.DictOf("type", "DpathExtractor", "field_path", value.NewList()), nil
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
