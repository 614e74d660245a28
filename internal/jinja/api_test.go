package jinja

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/value"
)

func mustString(t *testing.T, src string, params *value.Dict) *String {
	t.Helper()
	s, err := CompileString(src, params)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEnvInheritsAndComputesLazyVariablesOnce(t *testing.T) {
	calls := 0
	parent := NewEnv(nil).Set("a", "parent").SetLazy("lazy", func() any { calls++; return "made" })
	child := parent.Child().Set("a", "child").Set("b", int64(1))
	for name, want := range map[string]any{"a": "child", "b": int64(1), "lazy": "made"} {
		if got, ok := child.Get(name); !ok || got != want {
			t.Errorf("%s: got %v, %v; want %v", name, got, ok, want)
		}
	}
	if got, _ := parent.Get("a"); got != "parent" {
		t.Errorf("the child changed its parent to %v", got)
	}
	if _, ok := parent.Get("b"); ok {
		t.Error("the child's variable is in its parent")
	}
	if _, _ = parent.Get("lazy"); calls != 1 {
		t.Errorf("the lazy variable was computed %d times, want once", calls)
	}
}

// TestStillGivesTheSameInEveryRun evaluates templates of times and chance in two runs, a day apart.
func TestStillGivesTheSameInEveryRun(t *testing.T) {
	many := value.NewList()
	for n := range int64(100_000) {
		many.Append(n)
	}
	for _, src := range []string{
		"{{ now_utc() }}", "{{ today_utc() }}", "{{ day_delta(-3) }}", "{{ today_with_timezone('Europe/Berlin') }}",
		"{{ generate_uuid() }}", "{{ config.many | random }}", "{{ now_utc().isoformat() | hash('sha256') }}",
	} {
		t.Run(src, func(t *testing.T) {
			var moving, still [2]string
			for run := range 2 {
				at := time.Date(2026, 11, 30, 12+run, 0, 0, run*1000, time.UTC).AddDate(0, 0, run)
				env := NewEnv(func() time.Time { return at }).Set("config", value.DictOf("many", many))
				tmpl := mustString(t, src, nil)
				var err error
				if moving[run], err = tmpl.Text(env); err != nil {
					t.Fatal(err)
				}
				if still[run], err = tmpl.Text(env.Still().Child()); err != nil {
					t.Fatal(err)
				}
			}
			if still[0] != still[1] {
				t.Errorf("still: %q, then %q", still[0], still[1])
			}
			if moving[0] == moving[1] {
				t.Errorf("moving: %q twice, so that the test shows nothing", moving[0])
			}
		})
	}
}

func TestConstIsKnownOnlyWithoutVariables(t *testing.T) {
	tests := map[string]struct {
		src  string
		want string
		ok   bool
	}{
		"text":                      {"plain", "'plain'", true},
		"literal":                   {"[1, 2]", "[1, 2]", true},
		"constant filter":           {"{{ 'a' | upper }}b", "'Ab'", true},
		"variable":                  {"{{ config.x }}", "", false},
		"clock":                     {"{{ now_utc() }}", "", false},
		"empty":                     {"", "''", true},
		"variable that is not read": {"{{ 1 or x }}", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, ok := mustString(t, tt.src, nil).Const()
			if ok != tt.ok || ok && value.Repr(v) != tt.want {
				t.Errorf("got %s, %v; want %s, %v", value.Repr(v), ok, tt.want, tt.ok)
			}
		})
	}
}

func TestRootsAndPaths(t *testing.T) {
	tests := map[string]struct {
		src   string
		roots []string
		paths string
	}{
		"constant subscripts":                    {"{{ config['a']['b'] }}", []string{"config"}, "[[config a b]]"},
		"get with a constant key":                {"{{ response.get('meta', {}).get('next') }}", []string{"response"}, "[[response meta next]]"},
		"a method ends the path":                 {"{{ record.a.items() }}", []string{"record"}, "[[record a]]"},
		"an index ends the path":                 {"{{ record['a'][0].b }}", []string{"record"}, "[[record a]]"},
		"deprecated name":                        {"{{ stream_partition.id }}", []string{"stream_slice"}, "[[stream_slice id]]"},
		"a variable key ends the path":           {"{{ config[record.key] }}", []string{"config", "record"}, "[[config] [record key]]"},
		"an assigned variable counts as a whole": {"{{ x }}{% set x = config.y %}", []string{"config", "x"}, "[[config y] [x]]"},
		"loop variables are left out":            {"{% for x in record.l %}{{ x.a }}{% endfor %}", []string{"record"}, "[[record l]]"},
		"global functions are left out":          {"{{ now_utc().year }}", nil, "[]"},
		"parameters are left out":                {"{{ parameters.a }}", nil, "[]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := mustString(t, tt.src, nil)
			if got := s.Roots(); !reflect.DeepEqual(got, tt.roots) {
				t.Errorf("roots: got %v, want %v", got, tt.roots)
			}
			if got := fmt.Sprint(s.Paths()); got != tt.paths {
				t.Errorf("paths: got %v, want %v", got, tt.paths)
			}
		})
	}
}

func TestSyntaxErrorsHaveAnOffsetAndFailEvaluations(t *testing.T) {
	tests := map[string]struct {
		src    string
		offset int
	}{
		"empty expression":   {"a {{ }}", 5},
		"unclosed statement": {"{% if 1 %}x", 11},
		"two names in a row": {"{{ a b }}", 5},
		"nested":             {"{{ " + strings.Repeat("(", 5000) + " }}", 2 + 151},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := CompileString(tt.src, nil)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || name != "nested" && syntax.Offset != tt.offset {
				t.Fatalf("got %v, want a syntax error at %d", err, tt.offset)
			}
			if _, err := s.Eval(NewEnv(nil)); err == nil {
				t.Error("the evaluation of a refused template does not fail")
			}
		})
	}
}

func TestEvalTypesKeepsTextUnlessItsTypeIsValid(t *testing.T) {
	e := NewEnv(nil).Set("config", value.DictOf("i", 5, "l", []any{1}, "t", "7", "b", true))
	tests := map[string]struct {
		src   string
		valid []string
		want  string
	}{
		"int as text":         {"{{ config.i }}", []string{"str"}, "'5'"},
		"list":                {"{{ config.l }}", []string{"str", "list"}, "[1]"},
		"list as text":        {"{{ config.l }}", []string{"str"}, "'[1]'"},
		"text that is an int": {"{{ config.t }}", []string{"int"}, "7"},
		"bool is int":         {"{{ config.b }}", []string{"int"}, "True"},
		"every type is valid": {"{{ config.t }}", nil, "7"},
		"constant":            {"7", []string{"str"}, "'7'"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := mustString(t, tt.src, nil).EvalTypes(e, tt.valid...)
			if err != nil || value.Repr(v) != tt.want {
				t.Errorf("got %s, %v; want %s", value.Repr(v), err, tt.want)
			}
		})
	}
}

// A template whose first result is its own text, because of a TypeError, is plain text from then
// on, as in the reference runtime.
func TestStringTurnsPlain(t *testing.T) {
	s := mustString(t, "{{ record.a + 1 }}", nil)
	for _, a := range []any{"x", int64(1)} {
		v, err := s.Eval(NewEnv(nil).Set("record", value.DictOf("a", a)))
		if err != nil || v != s.Source() {
			t.Errorf("got %v, %v", v, err)
		}
	}
	s = mustString(t, "{{ record.a + 1 }}", nil)
	for _, tt := range [][2]any{{int64(1), int64(2)}, {"x", s.Source()}, {int64(2), int64(3)}} {
		v, err := s.Eval(NewEnv(nil).Set("record", value.DictOf("a", tt[0])))
		if err != nil || v != tt[1] {
			t.Errorf("got %v, %v; want %v", v, err, tt[1])
		}
	}
}

func TestMappingAndNestedEvaluateKeysAndValues(t *testing.T) {
	e := NewEnv(nil).Set("config", value.DictOf("k", "key", "n", nil, "i", 3))
	m, err := CompileMapping(value.DictOf("{{ config.k }}", "{{ config.i }}", "a", "{{ config.missing.x }}", "b", 1.5), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.Eval(e)
	if want := "{'key': 3, 'a': None, 'b': 1.5}"; err != nil || value.Repr(d) != want {
		t.Errorf("mapping: got %s, %v; want %s", value.Repr(d), err, want)
	}
	n, err := CompileNested(value.DictOf("l", []any{"{{ config.n }}", "{{ config.i }}"}, "{{ config.k }}", value.DictOf("x", "{{ config.n }}"), "drop", ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := n.Eval(e)
	if want := "{'l': [None, 3], 'key': {}}"; err != nil || value.Repr(v) != want {
		t.Errorf("nested: got %s, %v; want %s", value.Repr(v), err, want)
	}
}

// Evaluations share the variable config, so a template changes only its own copy of it.
func TestTemplatesChangeRecordsButNotSharedVariables(t *testing.T) {
	config, record := value.DictOf("l", []any{1}), value.DictOf("l", []any{1})
	e := NewEnv(nil).Set("config", config).Set("record", record)
	s := mustString(t, "{% set _ = config.l.append(2) %}{% set _ = record.l.append(2) %}{{ [config.l, record.l] }}", nil)
	v, err := s.Eval(e)
	if want := "[[1, 2], [1, 2]]"; err != nil || value.Repr(v) != want {
		t.Errorf("got %s, %v; want %s", value.Repr(v), err, want)
	}
	if got, want := value.Repr(value.Tuple{config, record}), "({'l': [1]}, {'l': [1, 2]})"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestResultSharesNoContainerWithItsVariable(t *testing.T) {
	record := value.DictOf("d", value.DictOf("a", 1))
	v, err := mustString(t, "{{ record.d }}", nil).Eval(NewEnv(nil).Set("record", record))
	if err != nil {
		t.Fatal(err)
	}
	v.(*value.Dict).Set("a", int64(2))
	if got, want := value.Repr(record), "{'d': {'a': 1}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHostileTemplatesFailInTime(t *testing.T) {
	for name, src := range map[string]string{
		"repeat":    "{{ 'a' * 10 ** 12 }}",
		"power":     "{{ 9 ** (9 ** 9) }}",
		"width":     "{{ '%99999999999d' | format(1) }}",
		"fill":      "{{ '{:>99999999999}'.format(1) }}",
		"loops":     "{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
		"lists":     "{% set l = [1] * 999 %}{% set l = [l] * 999 %}{% set l = [l] * 999 %}{{ l }}",
		"texts":     "{% set ns = namespace(s='ab') %}{% for i in x %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s | length }}",
		"recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
		"itself":    "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
		"regex":     "{{ ('a' * 60) | regex_search('(a*)*b') }}",
		"center":    "{{ 'a' | center(10 ** 11) }}",
		"replace":   "{{ ('a' * 99999) | replace('a', 'b' * 99999) }}",
		"batch":     "{{ [1] | batch(10 ** 10, 0) | list }}",
		"precision": "{{ '%.999999999f' % 1 }}",
		"dict":      "{{ dict(x=1, **x) }}",
		"no range":  "{{ range(10 ** 9) }}",
	} {
		t.Run(name, func(t *testing.T) {
			e := NewEnv(nil).Set("x", value.NewList(make([]any, 200)...))
			s, _ := CompileString(src, nil)
			within(t, name, func() {
				v, err := s.Eval(e)
				if err == nil && v != src {
					t.Errorf("got %.100s", value.Repr(v))
				}
			})
		})
	}
}

func TestGoroutinesShareACompiledTemplate(t *testing.T) {
	config := value.Expand(value.DictOf("a", "x", "l", []any{1, 2}))
	s := mustString(t, "{% for i in config.l %}{{ config.a ~ i ~ record.n }}{% endfor %}{{ [1, {}] }}", nil)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 200 {
				e := NewEnv(nil).Set("config", config).Set("record", value.DictOf("n", n))
				v, err := s.Eval(e)
				if want := fmt.Sprintf("x1%dx2%d[1, {}]", n, n); err != nil || v != want {
					t.Errorf("got %v, %v; want %s", v, err, want)
				}
			}
		})
	}
	group.Wait()
}
