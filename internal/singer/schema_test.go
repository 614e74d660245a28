package singer

import (
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

func TestTableSchemaHasKeysAndNoConstraints(t *testing.T) {
	for name, test := range map[string]struct {
		schema, want string
		keys         [][]string
		cursor       []string
	}{
		"constraints are dropped": {
			schema: `{"$schema":"x","type":"object","additionalProperties":false,"properties":{"a":{"type":"string","maxLength":3}}}`,
			want:   `{"type":"object","properties":{"a":{"type":["string","null"]}}}`,
		},
		"keys are never null": {
			schema: `{"type":"object","properties":{"id":{"type":"integer"},"a":{"type":["integer","null"]}}}`,
			keys:   [][]string{{"id"}},
			want:   `{"type":"object","properties":{"id":{"type":"integer"},"a":{"type":["integer","null"]}}}`,
		},
		"a type of null alone allows anything": {
			schema: `{"type":"object","properties":{"a":{"type":["null"],"title":"A"},"b":{"type":"null"}}}`,
			want:   `{"type":"object","properties":{"a":{"title":"A"},"b":{}}}`,
		},
		"keys that are not described": {
			schema: `{}`, keys: [][]string{{"id"}}, cursor: []string{"updated_at"},
			want: `{"type":"object","properties":{"id":{"type":["string","integer"]},"updated_at":{"type":["string","number","null"]}}}`,
		},
		"a key in an inner object": {
			schema: `{}`, keys: [][]string{{"id"}, {"deep", "id"}}, cursor: []string{"deep", "at"},
			want: `{"type":"object","properties":{"deep":{"type":["object","null"]}}}`,
		},
		"options overlap and hold null": {
			schema: `{"type":"object","properties":{"a":{"oneOf":[{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]},{"type":"string"}]}}}`,
			want:   `{"type":"object","properties":{"a":{"anyOf":[{"type":"object","properties":{"b":{}}},{"type":"string"},{"type":"null"}]}}}`,
		},
		"options with null stay": {
			schema: `{"type":"object","properties":{"a":{"anyOf":[{"type":["string","null"]},{"type":"integer"}]}}}`,
			want:   `{"type":"object","properties":{"a":{"anyOf":[{"type":["string","null"]},{"type":"integer"}]}}}`,
		},
		"a list of types": {
			schema: `{"properties":{"a":{"type":["string","integer"]}}}`,
			want:   `{"properties":{"a":{"type":["string","integer","null"]}},"type":"object"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			schema, err := value.Decode([]byte(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			s := &tap.Stream{Name: "s", PrimaryKey: test.keys, CursorField: test.cursor}
			if got := string(value.Append(nil, tableSchema(s, schema.(*value.Dict)))); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if string(value.Append(nil, schema)) != test.schema {
				t.Errorf("the given schema was changed")
			}
		})
	}
}
