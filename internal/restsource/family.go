package restsource

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/value"
)

// family are all streams of a configuration, which may be parents of each other.
type family struct {
	config  *value.Dict
	streams []*value.Dict
	// defaulted are the settings that a stream, by its name, has from defaults alone.
	defaulted map[string][]string
}

// stream returns the settings of a stream; nil: there is none of that name.
func (f *family) stream(name string) *value.Dict {
	for _, s := range f.streams {
		if name != "" && text(s, "name") == name {
			return s
		}
	}
	return nil
}

// expressionOf is the template expression of a stream's settings in the configuration.
func (f *family) expressionOf(s *value.Dict) string {
	return fmt.Sprintf("config['streams'][%d]", slices.Index(f.streams, s))
}

// parentName is the name of a stream's parent; empty: it has none.
func parentName(s *value.Dict) string {
	if d := dict(s, "parent"); d != nil {
		return text(d, "stream")
	}
	return text(s, "parent")
}

// ancestors are the names of a stream's parent, of its parent and so on.
func (f *family) ancestors(s *value.Dict) ([]string, error) {
	var names []string
	line := []string{text(s, "name")}
	for at := s; ; {
		name := parentName(at)
		if name == "" {
			return names, nil
		}
		names, line = append(names, name), append(line, name)
		if slices.Contains(line[:len(line)-1], name) {
			return names, fmt.Errorf("parent leads in a circle: %s", strings.Join(line, ", whose parent is "))
		}
		if at = f.stream(name); at == nil {
			return names, nil // the stream that names it says so
		}
	}
}

// isParent reports whether a stream is the parent of another one.
func (f *family) isParent(s *value.Dict) bool {
	return slices.ContainsFunc(f.streams, func(other *value.Dict) bool { return parentName(other) == text(s, "name") })
}

// suggest lists the streams that may be meant.
func (f *family) suggest(name, self string) string {
	var names []string
	for _, s := range f.streams {
		if n := text(s, "name"); n != self {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "the name of another stream, but there is none"
	}
	return "one of " + strings.Join(names, ", ")
}

// routerOf returns the partition router of a stream; nil: it has one partition.
func (f *family) routerOf(p *partitions) (any, error) {
	var routers []any
	if p.parent != nil {
		config, err := f.parentConfig(p)
		if err != nil {
			return nil, err
		}
		routers = append(routers, value.DictOf("type", "SubstreamPartitionRouter", "parent_stream_configs", value.NewList(config)))
	}
	if p.values != nil {
		routers = append(routers, value.DictOf("type", "ListPartitionRouter", "cursor_field", valueField, "values", p.values))
	}
	switch len(routers) {
	case 0:
		return nil, nil
	case 1:
		return routers[0], nil
	}
	return value.NewList(routers...), nil
}

// parentConfig returns the ParentStreamConfig of a stream's parent.
func (f *family) parentConfig(p *partitions) (*value.Dict, error) {
	stream, err := f.parentStream(p)
	if err != nil {
		return nil, err
	}
	key := p.fields[0]
	config := value.DictOf("type", "ParentStreamConfig", "stream", stream,
		"parent_key", exact(strings.Join(recordPath(key), "/")), "partition_field", parentPrefix+key.name)
	demand := value.DictOf("missing", p.missing)
	extra, optional, identity := value.NewList(), value.NewList(), value.NewList()
	for _, field := range p.fields[1:] {
		extra.Append(exactTexts(recordPath(field)))
		if field.identity {
			identity.Append(field.name)
		}
		if field.optional {
			optional.Append(field.name)
		}
	}
	if extra.Len() > 0 {
		config.Set("extra_fields", extra)
	}
	if optional.Len() > 0 {
		demand.Set("optional", optional)
	}
	if identity.Len() > 0 {
		demand.Set("identity", identity)
	}
	if p.changed {
		config.Set("incremental_dependency", true)
	}
	config.Set("x-anytap", demand)
	return config, nil
}

// recordPath is where a field stands in the records that the parent gives here. Those of a
// grandparent get a name of their own.
func recordPath(field parentField) []string {
	if field.inherited {
		return []string{field.name}
	}
	return field.path
}

// parentStream returns the parent as it is read for its children: without a schema, as nobody asks
// for one, and with the fields of its own parent that the children refer to.
func (f *family) parentStream(p *partitions) (*value.Dict, error) {
	parent := p.parent
	if parentName(parent) != "" {
		include := value.NewDict(2)
		if own := dict(parent, "include"); own != nil {
			include = own.Clone()
		}
		for _, field := range p.fields {
			if field.inherited {
				include.Set(field.name, value.FromGo(field.path[1:]))
			}
		}
		if include.Len() > 0 {
			parent = parent.Clone()
			parent.Set("include", include)
		}
	}
	stream, err := f.streamOf(parent, f.expressionOf(p.parent))
	if err != nil {
		return nil, fmt.Errorf("parent %q: %w", p.names[0], err)
	}
	stream.Set("schema_loader", value.DictOf("type", "InlineSchemaLoader", "schema", value.DictOf("type", "object", "properties", value.NewDict(0))))
	return stream, nil
}

// addIncluded adds the parent's fields to the records of a stream.
func (p *partitions) addIncluded(stream *value.Dict) {
	if len(p.included) == 0 {
		return
	}
	fields := value.NewList()
	for _, included := range p.included {
		fields.Append(value.DictOf("type", "AddedFieldDefinition", "path", value.NewList(included.name),
			"value", quoted(p.fieldExpression(included.field.name))))
	}
	added := value.DictOf("type", "AddFields", "fields", fields)
	v, _ := stream.Get("transformations")
	if all, ok := v.(*value.List); ok {
		all.Append(added)
		return
	}
	stream.Set("transformations", value.NewList(added))
}
