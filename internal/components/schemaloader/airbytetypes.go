package schemaloader

import (
	"fmt"

	"anytap/internal/value"
)

// airbyteType returns the schema of one of Airbyte's types.
func airbyteType(name string) (*value.Dict, error) {
	t, ok := airbyteTypes[name]
	if !ok {
		return nil, fmt.Errorf("%q is no type of Airbyte's", name)
	}
	d := value.DictOf("type", value.NewList("null", t.typ))
	if t.format != "" {
		d.Set("format", t.format)
	}
	if t.named {
		d.Set("airbyte_type", name)
	}
	return d, nil
}

// airbyteTypes are the types that a field may have.
var airbyteTypes = map[string]struct {
	typ, format string
	named       bool // the schema has the name as its airbyte_type
}{
	"string":                     {typ: "string"},
	"boolean":                    {typ: "boolean"},
	"date":                       {typ: "string", format: "date"},
	"timestamp_without_timezone": {typ: "string", format: "date-time", named: true},
	"timestamp_with_timezone":    {typ: "string", format: "date-time"},
	"time_without_timezone":      {typ: "string", format: "time", named: true},
	"time_with_timezone":         {typ: "string", format: "time", named: true},
	"integer":                    {typ: "integer"},
	"number":                     {typ: "number"},
	"array":                      {typ: "array"},
	"object":                     {typ: "object"},
}
