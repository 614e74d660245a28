package stream

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
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

// refused is an answer that ends a request.
type refused struct{ error }

func (refused) Refusal() (status int, text string) { return 404, "" }

// TestLocate: what the manifest may be the cause of is told with the stream's place, and nothing
// else is.
func TestLocate(t *testing.T) {
	t.Parallel()
	s, err := streamOf(t, "{type: DeclarativeStream, name: items, retriever: {type: SimpleRetriever, of: x}}", `{}`)
	if err != nil {
		t.Fatal(err)
	}
	plain := errors.New("request: no such function")
	for name, c := range map[string]struct {
		err    error
		placed bool
	}{
		"a template's":           {plain, true},
		"the program's":          {fmt.Errorf("next page: %w", tap.Errorf(tap.System, "no token")), true},
		"the configuration's":    {tap.Errorf(tap.Config, "the key is wrong"), false},
		"the network's":          {tap.Errorf(tap.Transient, "no answer"), false},
		"no answer":              {fmt.Errorf("parent stream x: %w", &rest.Unanswered{Cause: tap.Errorf(tap.System, "no answer")}), false},
		"the API's":              {fmt.Errorf("parent stream x: %w", refused{plain}), false},
		"one that has its place": {fmt.Errorf("parent stream x: %w", &manifest.Problem{File: "m.yaml", Line: 1, Col: 2}), false},
		"an interruption":        {tap.ErrInterrupted, false},
		"a budget":               {&tap.BudgetError{Limit: "max_requests"}, false},
	} {
		got := s.Located(c.err)
		if placed := strings.HasPrefix(got.Error(), "stream.yaml:1:1: "); placed != c.placed || !errors.Is(got, c.err) || tap.KindOf(got) != tap.KindOf(c.err) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
