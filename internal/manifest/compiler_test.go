package manifest

import (
	"errors"
	"strings"
	"testing"

	"anytap/internal/value"
)

func TestBuild(t *testing.T) {
	c := NewCompiler(testTable(), value.NewDict(0))
	s, err := Build[*testStream](c, oneStream(t, "  name: a\n  retriever: {type: SimpleRetriever, http_method: POST}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.name != "a" || s.retriever.method != "POST" || s.retriever.stream != "a" {
		t.Errorf("got %+v %+v", s, s.retriever)
	}
	if m, err := BuildAs[testMatcher](c, mustResolve(t, "a: {method: GET}\n").Get("a"), "Matcher"); err != nil || m != "GET" {
		t.Errorf("untyped component: %q %v", m, err)
	}
	if s, err := BuildOptional[*testStream](c, nil); s != nil || err != nil {
		t.Errorf("optional: %v %v", s, err)
	}
}

func TestBuildErrors(t *testing.T) {
	boom := errors.New("boom")
	table := testTable()
	table["Failing"] = Entry{Build: func(*Compiler, *Node) (any, error) { return nil, boom }}
	c := NewCompiler(table, nil)
	tests := map[string]struct{ yaml, want string }{
		"wrong kind":    {"a: {type: SimpleRetriever}\n", "m.yaml:1:4: a: a SimpleRetriever can not stand here"},
		"unknown type":  {"a: {type: DeclarativeStraem}\n", `m.yaml:1:4: a: unknown type "DeclarativeStraem", did you mean "DeclarativeStream"?`},
		"strange type":  {"a: {type: Zzzzzzzzz}\n", `m.yaml:1:4: a: unknown type "Zzzzzzzzz"`},
		"not supported": {"a: {type: XmlDecoder}\n", `m.yaml:1:4: a: the type "XmlDecoder" is not supported`},
		"no builder":    {"a: {type: Spec}\n", `m.yaml:1:4: a: the type "Spec" is not supported`},
		"no type":       {"a: {b: 1}\n", "m.yaml:1:4: a: the component has no type"},
		"no map":        {"a: [1]\n", "m.yaml:1:4: a: expected a component, found list"},
		"own error":     {"a: {type: Failing}\n", "m.yaml:1:4: a: boom"},
		"custom":        {"a: {type: CustomRetriever, class_name: source_x.Retriever}\n", `m.yaml:1:4: a: CustomRetriever needs the Python class "source_x.Retriever", which is not run`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Build[*testStream](c, mustResolve(t, tt.yaml).Get("a"))
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			var unsupported *UnsupportedError
			if custom := errors.As(err, &unsupported); custom != (name == "custom") || custom && unsupported.Class != "source_x.Retriever" {
				t.Errorf("unsupported: %v", unsupported)
			}
			if errors.Is(err, boom) != (name == "own error") {
				t.Error("the builder's error is lost")
			}
		})
	}
	if _, err := Build[*testStream](c, nil); err == nil {
		t.Error("a missing component builds")
	}
	if _, err := BuildAll[*testStream](c, mustResolve(t, "a: [{type: Failing}, {type: Spec}]\n").Get("a").Items()); !errors.Is(err, boom) {
		t.Errorf("all: %v", err)
	}
}

func TestScopes(t *testing.T) {
	type cursor struct{ field string }
	c := NewCompiler(nil, nil)
	outer := With(With(c, testStreamName("outer")), &cursor{"updated"})
	inner := With(outer, testStreamName("inner"))
	if name, ok := Scoped[testStreamName](outer); name != "outer" || !ok {
		t.Errorf("outer %q", name)
	}
	if name, _ := Scoped[testStreamName](inner); name != "inner" {
		t.Errorf("inner %q", name)
	}
	if cur, ok := Scoped[*cursor](inner); !ok || cur.field != "updated" {
		t.Errorf("cursor %v", cur)
	}
	if _, ok := Scoped[*cursor](c); ok {
		t.Error("the child's value is seen by the parent")
	}
	Provide(inner, &cursor{"shared"})
	if s, ok := Service[*cursor](c); !ok || s.field != "shared" {
		t.Error("the service is not shared")
	}
	if _, ok := Service[testStreamName](c); ok {
		t.Error("a service that nobody provided")
	}
	if got := c.WithConfig(value.DictOf("a", int64(1))); c.Config != nil || got.Config.Len() != 1 {
		t.Error("config")
	}
}

// validations are manifests, and what Validate and Check say of them.
var validations = map[string]struct {
	yaml, errs, warnings string
}{
	"in order": {
		yaml:     "version: '1'\nstreams:\n- retriever: {type: SimpleRetriever}\n  transformations:\n  - {type: AddFields, fields: [{path: [a], value: b}]}\n  - {type: CustomTransformation, class_name: a.B}\n  surprise: '{{ x '\n",
		warnings: "m.yaml:6:5: streams[0].transformations[1]: CustomTransformation needs the Python class \"a.B\", which is not run\nm.yaml:7:13: streams[0].surprise: DeclarativeStream has no field \"surprise\"",
	},
	"root": {
		yaml: "type: Spec\n",
		errs: "m.yaml:1:1: a Spec can not stand here; expected DeclarativeSource",
	},
	"root's fields": {
		yaml: "more: 1\n$parameters: {a: 1}\n",
		errs: "m.yaml:1:1: DeclarativeSource needs the field \"version\" (text)\nm.yaml:1:1: DeclarativeSource needs one of the fields streams, dynamic_streams\nm.yaml:1:1: DeclarativeSource takes no $parameters\nm.yaml:1:7: more: DeclarativeSource has no field \"more\"\nm.yaml:2:18: a: DeclarativeSource has no field \"a\"",
	},
	"a definition's mistake stands once": {
		yaml: "version: '1'\ndefinitions:\n  r: {type: SimpleRetriever, tries: 0}\nstreams:\n- retriever: {$ref: '#/definitions/r'}\n- retriever: {$ref: '#/definitions/r'}\n",
		errs: "m.yaml:3:37: streams[0].retriever.tries: expected at least 1, found 0",
	},
	"parameters become fields": {
		yaml: "version: '1'\nstreams:\n- {$parameters: {name: 5}, retriever: {type: SimpleRetriever}}\n",
		errs: "m.yaml:3:24: streams[0].name: expected text, found whole number 5",
	},
	"parameters that are no map": {
		yaml: "version: '1'\nstreams: []\ndefinitions: {a: {type: X, $parameters: []}}\n",
		errs: "m.yaml:3:18: definitions.a: $parameters must be a map, but a list stands here",
	},
	"nested lists": {
		yaml: "version: '1'\nstreams:\n- {primary_key: [[id], x], retriever: {type: SimpleRetriever}, partition_router: [{type: ListRouter}, {type: AddFields}]}\n",
		errs: "m.yaml:3:18: streams[0].primary_key[0]: expected text, found list\nm.yaml:3:103: streams[0].partition_router[1]: a AddFields can not stand here; expected ListRouter or SimpleRetriever",
	},
	"a component like another": {
		yaml:     "version: '1'\nstreams:\n- {retriever: {type: SimpleRetriever}, partition_router: {type: RangeRouter, more: 1}}\n",
		warnings: "m.yaml:3:84: streams[0].partition_router.more: RangeRouter has no field \"more\"",
	},
	"a component like another, elsewhere": {
		yaml: "version: '1'\nstreams:\n- {retriever: {type: RangeRouter}}\n",
		errs: "m.yaml:3:15: streams[0].retriever: a RangeRouter can not stand here; expected SimpleRetriever or CustomRetriever",
	},
}

func TestValidate(t *testing.T) {
	for name, tt := range validations {
		t.Run(name, func(t *testing.T) {
			root := mustResolve(t, tt.yaml)
			err := Validate(NewCompiler(testTable(), nil), root)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.errs {
				t.Errorf("errors\n got %s\nwant %s", got, tt.errs)
			}
			all := Check(NewCompiler(testTable(), nil), root)
			if got := all.Errors().Error(); got != tt.errs {
				t.Errorf("check's errors\n got %s\nwant %s", got, tt.errs)
			}
			if got := all.Warnings().Error(); got != tt.warnings {
				t.Errorf("warnings\n got %s\nwant %s", got, tt.warnings)
			}
		})
	}
}

func TestTypeNames(t *testing.T) {
	if len(TypeNames) != 139 {
		t.Errorf("%d type names", len(TypeNames))
	}
}

func TestCheckTemplates(t *testing.T) {
	root := mustResolve(t, `version: '1'
streams:
- path: '{{ x '
  body: {a: ['{% if %}', '{{ y }}'], b: {type: T, c: '{{'}}
  primary_key: '{{ z'
  retriever: {type: SimpleRetriever, limit: '{{ q | }}', start: plain}
`)
	if err := Validate(NewCompiler(testTable(), nil), root); err != nil {
		t.Error(err)
	}
	want := []string{"m.yaml:3:15: streams[0].path:", "m.yaml:4:21: streams[0].body.a[0]:", "m.yaml:4:57: streams[0].body.b.c:", "m.yaml:5:21: streams[0].primary_key:", "m.yaml:6:53: streams[0].retriever.limit:"}
	got := Check(NewCompiler(testTable(), nil), root)
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i, p := range got {
		if !strings.HasPrefix(p.Error(), want[i]+" template: ") || p.Warning {
			t.Errorf("got %s, want %s", p, want[i])
		}
	}
}
