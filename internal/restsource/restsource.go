package restsource

import (
	"errors"
	"fmt"
	"strings"

	"anytap/internal/value"
)

// Manifest returns the manifest that reads what a configuration describes. The configuration has
// been checked against spec.json. An error names the setting that is wrong in a way which that can
// not express.
func Manifest(config *value.Dict) (*value.Dict, error) {
	if _, err := authenticatorOf(config); err != nil {
		return nil, fmt.Errorf("auth.%w", err)
	}
	streams, names, err := streamsOf(config)
	if err != nil {
		return nil, err
	}
	return value.DictOf(
		"version", "7.39.1",
		"type", "DeclarativeSource",
		"check", value.DictOf("type", "CheckStream", "stream_names", names),
		"concurrency_level", value.DictOf("type", "ConcurrencyLevel", "default_concurrency", "{{ config.get('concurrency', 4) }}", "max_concurrency", int64(64)),
		"metadata", value.DictOf("x-anytap", value.DictOf("name", "rest")),
		"streams", streams,
		"spec", value.DictOf("type", "Spec", "connection_specification", value.DictOf("type", "object", "properties", value.NewDict(0))),
	), nil
}

// streamsOf returns all streams, one at least, and their names.
func streamsOf(config *value.Dict) (streams, names *value.List, err error) {
	streams, names = value.NewList(), value.NewList()
	f := &family{config: config, defaulted: map[string][]string{}}
	var moves []string
	for i, item := range list(config, "streams").All() {
		s, ok := item.(*value.Dict)
		if !ok {
			return nil, nil, fmt.Errorf("streams[%d] is a %s, expected an object", i, value.TypeName(item))
		}
		if name := text(s, "name"); f.stream(name) != nil {
			return nil, nil, fmt.Errorf("streams[%d].name is %q a second time, expected another name", i, name)
		}
		s, inherited := merged(dict(config, "defaults"), s)
		f.streams = append(f.streams, s)
		for _, path := range inherited {
			f.defaulted[text(s, "name")] = append(f.defaulted[text(s, "name")], path[0])
		}
		moves = append(moves, movesOf(f.expressionOf(s), inherited)...)
	}
	moved := strings.NewReplacer(moves...)
	for i, s := range f.streams {
		name := text(s, "name")
		stream, err := f.streamOf(s, f.expressionOf(s))
		if err != nil {
			return nil, nil, fmt.Errorf("streams[%d].%w", i, err)
		}
		streams.Append(replaced(stream, moved))
		names.Append(name)
	}
	if names.Len() == 0 {
		return nil, nil, errors.New("streams is empty, expected one stream at least")
	}
	return streams, names, nil
}
