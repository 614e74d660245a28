package stream

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fields, want, err string }{
		"its own":         {"name: items", "items", ""},
		"of a parameter":  {"$parameters: {name: items}", "items", ""},
		"empty":           {"name: ''", "", ""},
		"none":            {"primary_key: id", "", "name is missing"},
		"none of its own": {"state_migrations: [], $parameters: {title: items}", "", "name is missing"},
	} {
		s, err := streamOf(t, "{type: DeclarativeStream, retriever: {type: SimpleRetriever, of: x}, "+c.fields+"}", `{}`)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got %v, want %q", name, err, c.err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case s.Name != c.want:
			t.Errorf("%s: the stream is called %q, want %q", name, s.Name, c.want)
		}
	}
}
