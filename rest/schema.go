package rest

import (
	"context"
	"fmt"
	"sync"

	"anytap/tap"
	"anytap/value"
)

// NoSchema is the loader of a stream that names none: its schema is empty.
type NoSchema struct{}

// Schema is an empty dict.
func (NoSchema) Schema(context.Context) (*value.Dict, error) { return value.NewDict(0), nil }

// CachedSchema asks a loader once; an error is not kept. It is safe for concurrent use.
func CachedSchema(l SchemaLoader) SchemaLoader { return &cachedSchema{loader: l} }

type cachedSchema struct {
	loader SchemaLoader
	mu     sync.Mutex
	schema *value.Dict
}

func (c *cachedSchema) Schema(ctx context.Context) (*value.Dict, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.schema != nil {
		return c.schema, nil
	}
	schema, err := c.loader.Schema(ctx)
	if err != nil {
		return nil, err
	}
	value.Expand(schema) // it is read by many goroutines
	c.schema = schema
	return schema, nil
}

// MergedSchema puts the properties of several schemas into one, that of the first loader counting.
func MergedSchema(loaders []SchemaLoader) SchemaLoader { return mergedSchema(loaders) }

type mergedSchema []SchemaLoader

func (m mergedSchema) Schema(ctx context.Context) (*value.Dict, error) {
	all := value.NewDict(8)
	for _, l := range m {
		schema, err := l.Schema(ctx)
		if err != nil {
			return nil, err
		}
		v, _ := schema.Get("properties")
		properties, ok := v.(*value.Dict)
		if !ok {
			return nil, tap.Errorf(tap.System, "merge schemas: %w", fmt.Errorf("a schema has no properties"))
		}
		for name, p := range properties.All() {
			if _, taken := all.Get(name); !taken {
				all.Set(name, value.Clone(p))
			}
		}
	}
	return value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "type", value.NewList("null", "object"), "properties", all), nil
}
