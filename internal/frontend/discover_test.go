package frontend

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestDiscoverKeepsStreamsThatAreRefused lists streams by name: "bad" ones can not be inferred,
// "declared" ones are no more than wrong.
func TestDiscoverKeepsStreamsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ streams, want, logs, err string }{
		"all are fine":  {"a b", `{"streams":["a","b"]}`, "", ""},
		"one is not":    {"a bad", `{"streams":["a",{"id":1,"at":1}]}`, "403 no permission", ""},
		"none is":       {"bad bad", "", "403", "stream bad: 403 no permission"},
		"the only one":  {"bad", "", "", "stream bad: 403 no permission"},
		"not a refusal": {"a declared", "", "", "stream declared: 403 no permission"},
	} {
		t.Run(name, func(t *testing.T) {
			var logs bytes.Buffer
			r := &Run{Log: slog.New(slog.NewTextHandler(&logs, nil))}
			var streams []*tap.Stream
			for name := range strings.FieldsSeq(test.streams) {
				streams = append(streams, &tap.Stream{Name: name, Inferred: name != "declared", PrimaryKey: [][]string{{"id"}}, CursorField: []string{"at"},
					Schema: func(context.Context) (*value.Dict, error) {
						if name == "bad" || name == "declared" {
							return nil, errors.New("403 no permission")
						}
						return value.NewDict(0), nil
					}})
			}
			d, err := r.Discover(t.Context(), streams, func(s *tap.Stream, schema *value.Dict) *value.Dict {
				properties := value.Member[*value.Dict](schema, "properties")
				if open := properties != nil && IsOpen(s, schema); open {
					for name := range properties.Clone().All() {
						properties.Set(name, int64(1))
					}
					return properties
				}
				return value.DictOf("name", s.Name)
			})
			if test.err != "" {
				if err == nil || err.Error() != test.err {
					t.Errorf("error is %v, expected %s", err, test.err)
				}
				return
			}
			got := strings.NewReplacer(`{"name":"a"}`, `"a"`, `{"name":"b"}`, `"b"`).Replace(string(value.Append(nil, d)))
			if err != nil || got != test.want || !strings.Contains(logs.String(), test.logs) || test.logs == "" && logs.Len() > 0 {
				t.Errorf("catalog is %s, %v, expected %s; logs %s", got, err, test.want, logs.String())
			}
		})
	}
}
