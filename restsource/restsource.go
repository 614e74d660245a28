// Package restsource writes the manifest of a "source: rest" configuration, so that any REST API is read by the same components as a manifest's.
package restsource

import (
	"fmt"
	"strings"

	"anytap/value"
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
	requester := value.DictOf("type", "HttpRequester", "url_base", "{{ config['base_url'] }}", "path", escape(text(s, "path")), "http_method", "GET")
	if params := dict(s, "params"); params != nil {
		requester.Set("request_parameters", references(params, at+"['params']"))
	}
	if headers := dict(config, "headers"); headers != nil {
		requester.Set("request_headers", references(headers, "config['headers']"))
	}
	if auth := authenticator(dict(config, "auth")); auth != nil {
		requester.Set("authenticator", auth)
	}
	retriever := value.DictOf("type", "SimpleRetriever", "requester", requester,
		"record_selector", value.DictOf("type", "RecordSelector", "extractor", extractor(text(s, "records_path"))))
	extension := value.DictOf("strict", true)
	pages, err := paginator(dict(s, "pagination"), extension)
	if err != nil {
		return nil, fmt.Errorf("pagination.%w", err)
	}
	if pages != nil {
		retriever.Set("paginator", pages)
	}
	stream := value.DictOf("type", "DeclarativeStream", "name", escape(text(s, "name")), "primary_key", primaryKey(s), "retriever", retriever,
		"x-anytap", value.DictOf("pages", extension))
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

func primaryKey(s *value.Dict) *value.List {
	key := value.NewList()
	for _, field := range list(s, "primary_key").All() {
		key.Append(field)
	}
	return key
}

func replication(s *value.Dict, key string) *value.Dict {
	cursor := value.DictOf("type", "ReplicationKeyCursor", "cursor_field", key)
	if param := text(s, "replication_param"); param != "" {
		cursor.Set("request_option", option("request_parameter", param))
	}
	if start := text(s, "start_value"); start != "" {
		cursor.Set("start_value", start)
	}
	return cursor
}

func extractor(path string) *value.Dict {
	if path == "" {
		return value.DictOf("type", "FirstListExtractor")
	}
	return value.DictOf("type", "DpathExtractor", "field_path", parts(path))
}

// references writes templates that take each value from the configuration, so that no secret enters the manifest and
// no value is taken for a template.
func references(d *value.Dict, at string) *value.Dict {
	out := value.NewDict(d.Len())
	for name := range d.All() {
		out.Set(escape(name), fmt.Sprintf("{{ %s[%s] }}", at, value.Repr(name)))
	}
	return out
}

// escape makes a text that a template gives back as it is.
func escape(s string) string {
	if !strings.Contains(s, "{{") && !strings.Contains(s, "{%") && !strings.Contains(s, "{#") {
		return s
	}
	return "{{ " + value.Repr(s) + " }}"
}

func option(into, name string) *value.Dict {
	return value.DictOf("type", "RequestOption", "inject_into", into, "field_name", escape(name))
}

func parts(path string) *value.List {
	l := value.NewList()
	for _, part := range strings.Split(path, ".") {
		l.Append(escape(part))
	}
	return l
}

func dict(d *value.Dict, key string) *value.Dict {
	if d == nil {
		return nil
	}
	v, _ := d.Get(key)
	inner, _ := v.(*value.Dict)
	return inner
}

func list(d *value.Dict, key string) *value.List {
	v, _ := d.Get(key)
	l, _ := v.(*value.List)
	if l == nil {
		return value.NewList()
	}
	return l
}

func text(d *value.Dict, key string) string {
	v, _ := d.Get(key)
	s, _ := v.(string)
	return s
}
