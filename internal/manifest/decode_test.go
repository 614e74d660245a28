package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// oneStream resolves a manifest of one stream and gives it.
func oneStream(t *testing.T, text string) *Node {
	t.Helper()
	return mustResolve(t, "version: '1'\nstreams:\n- type: DeclarativeStream\n"+text).At("streams", "0")
}

func TestDecode(t *testing.T) {
	n := oneStream(t, `  name: a
  $parameters: {p: 7, unused: x}
  primary_key: [[id], [sub, id]]
  retriever: {type: SimpleRetriever}
  partition_router: {type: ListRouter}
  path: /x/{{ parameters['p'] }}
  page_size: 10
  keys: [a, "{{ 1 + 1 }}"]
  condition: "{{ parameters.p > 5 }}"
  params: {a: "{{ parameters.p }}", "{{ 'k' }}": v}
  body: {list: ["{{ parameters.p }}", 1]}
`)
	c := NewCompiler(testTable(), nil)
	var def streamDefinition
	if err := Decode(c, n, &def); err != nil {
		t.Fatal(err)
	}
	env := jinja.NewEnv(c.Now)
	path, _ := def.Path.Text(env)
	key, _ := def.Keys[1].Eval(env)
	when, _ := def.When.Eval(env)
	params, _ := def.Params.Eval(env)
	body, _ := def.Body.Eval(env)
	size, _ := def.PageSize.Eval(env)
	got := fmt.Sprint(def.Name, value.Repr(def.PrimaryKey), def.Retriever.Type(), len(def.Routers), path, key, when, value.Repr(params), value.Repr(body), size, def.Incremental, def.Transforms == nil)
	if want := "a[['id'], ['sub', 'id']]SimpleRetriever1/x/72 true{'a': 7, 'k': 'v'}{'list': [7, 1]}10 true true"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if w := c.Warnings(); len(w) != 0 {
		t.Errorf("warnings %v", w)
	}
}

func TestDecodeScalars(t *testing.T) {
	n := oneStream(t, `  retriever:
    type: SimpleRetriever
    http_method: POST
    limit: "12"
    start: 5
    wait: 3
    factor: 2
    tries: 3.0
    use_cache: false
    http_codes: [500, 429]
    matchers: [{method: GET}, {type: Anything}]
    authenticators: {b: {type: Session}, a: {type: Session}}
    clamping: {target: DAY, text: "{{ 1 }}"}
    jwt_headers: {kid: k}
`).Get("retriever")
	c := NewCompiler(testTable(), nil)
	var def retrieverDefinition
	if err := Decode(c, n, &def); err != nil {
		t.Fatal(err)
	}
	if def.Method != "POST" || def.Limit != int64(12) || def.Start != "5" || def.Wait != 3.0 || def.Factor != 2 || def.Tries != 3 ||
		def.Cache == nil || *def.Cache || !reflect.DeepEqual(def.Codes, []int64{500, 429}) || len(def.Matcher) != 2 {
		t.Errorf("scalars: %+v", def)
	}
	if len(def.Auth) != 2 || def.Auth[0].Name != "b" || def.Auth[1].Node.Type() != "Session" {
		t.Errorf("members: %+v", def.Auth)
	}
	if def.Clamp == nil || def.Clamp.Target != "DAY" || def.Headers == nil || def.Headers.Kid != "k" {
		t.Errorf("objects: %+v %+v", def.Clamp, def.Headers)
	}
	var empty retrieverDefinition
	if err := Decode(c, oneStream(t, "  retriever: {type: SimpleRetriever}\n").Get("retriever"), &empty); err != nil {
		t.Fatal(err)
	}
	if empty.Method != "GET" || empty.Tries != 5 || empty.Limit != nil || empty.Cache != nil || empty.Clamp != nil {
		t.Errorf("defaults: %+v", empty)
	}
}

func TestDecodeProblems(t *testing.T) {
	n := oneStream(t, `  retriever:
    type: SimpleRetriever
    http_method: PUT
    limit: [1]
    start: null
    wait: -1
    factor: 1
    tries: 2.5
    use_cache: "no"
    http_codes: [1, x, 1]
    matchers: []
    authenticators: {a: {type: SimpleRetriever}, b: {type: Sesion}, c: {}, d: {type: [x]}, e: {type: CustomAuthenticator}}
    clamping: {}
    jwt_headers: {kid: 1, kit: x}
    5: x
    use_cach: true
`).Get("retriever")
	c := NewCompiler(testTable(), nil)
	err := Decode(c, n, new(retrieverDefinition))
	want := []string{
		`6:18: http_method: expected one of GET, POST, found "PUT"`,
		`7:12: limit: expected a whole number or text, found list`,
		`8:12: start: expected text or a whole number, found null`,
		`9:11: wait: expected at least 0, found -1`,
		`10:13: factor: expected more than 1, found 1`,
		`11:12: tries: expected a whole number, found number 2.5`,
		`12:16: use_cache: expected true or false, found text "no"`,
		`13:21: http_codes[1]: expected a whole number, found text "x"`,
		`14:15: matchers: expected at least 1 elements, found 0`,
		`15:25: authenticators.a: a SimpleRetriever can not stand here; expected Session or CustomAuthenticator`,
		`15:60: authenticators.b.type: unknown type "Sesion", did you mean "Session"?`,
		`15:72: authenticators.c: the component has no type; expected Session or CustomAuthenticator`,
		`15:86: authenticators.d.type: a type must be text, found list`,
		`15:95: authenticators.e: CustomAuthenticator needs the field "class_name" (text)`,
		`16:15: clamping: the map needs the field "target" (text)`,
		`17:24: jwt_headers.kid: expected text, found whole number 1`,
		`17:32: jwt_headers.kit: the map has no field "kit", did you mean "kid"?`,
		`18:8: 5: the key 5 is no text`,
	}
	if err == nil {
		t.Fatal("no error")
	}
	got := strings.Split(err.Error(), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != "m.yaml:"+strings.Replace(want[i], ": ", ": streams[0].retriever.", 1) {
			t.Errorf("problem %d differs:\n%s", i, err)
			break
		}
	}
	if ps := AsProblems(fmt.Errorf("wrapped: %w", err)); len(ps) != len(want) || ps[0].Line != 6 {
		t.Errorf("problems %v", ps)
	}
}

func TestDecodeTemplates(t *testing.T) {
	text := "  retriever: {type: SimpleRetriever}\n  path: /items{{ 'x' | nofilter }}\n  nmae: x\n"
	c := NewCompiler(testTable(), nil)
	var def streamDefinition
	if err := Decode(c, oneStream(t, text), &def); err != nil {
		t.Fatalf("a wrong template is only noticed when it is used: %v", err)
	}
	if _, err := def.Path.Eval(jinja.NewEnv(c.Now)); err == nil {
		t.Error("the wrong template gives a value")
	}
	var got []string
	for _, w := range c.Warnings() {
		got = append(got, w.Error())
	}
	if len(got) != 2 || !strings.HasPrefix(got[0], "m.yaml:5:9: streams[0].path: template: ") || !strings.Contains(got[0], "nofilter") ||
		got[1] != `m.yaml:6:9: streams[0].nmae: DeclarativeStream has no field "nmae", did you mean "name"?` {
		t.Errorf("warnings %q", got)
	}
	c.Strict = true
	if err := Decode(c, oneStream(t, text), &def); err == nil || !strings.Contains(err.Error(), "nofilter") {
		t.Errorf("strict: %v", err)
	}
}

func TestTags(t *testing.T) {
	type fine struct {
		A any `manifest:"a,required,is={string|[B]}|C,default=1, 2" doc:"It is a."`
	}
	if got := Describe(fine{}); len(got) != 1 || !reflect.DeepEqual(got[0], Field{Name: "a", Shapes: "{string|[B]}|C", Required: true, Default: "1, 2", Doc: "It is a."}) {
		t.Errorf("got %+v", got)
	}
	wrong := map[string]any{
		"shape": struct {
			A any `manifest:"a,is=[string"`
		}{},
		"json type": struct {
			A any `manifest:"a,is=text"`
		}{},
		"empty": struct {
			A any `manifest:"a,is=string|"`
		}{},
		"option": struct {
			A any `manifest:"a,must"`
		}{},
		"no name": struct {
			A any `manifest:",required"`
		}{},
		"default": struct {
			A int64 `manifest:"a,default=x"`
		}{},
		"type": struct {
			A chan int `manifest:"a"`
		}{},
		"bound": struct {
			A int64 `manifest:"a,min=x"`
		}{},
		"component": struct {
			_ struct{} `manifest:",open"`
		}{},
		"unexported": struct {
			a any `manifest:"a"`
		}{},
	}
	for name, def := range wrong {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("the wrong tag passes")
				}
			}()
			Describe(def)
		})
	}
	if err := Decode(NewCompiler(nil, nil), oneStream(t, "  name: a\n"), fine{}); err == nil {
		t.Error("a definition that is no pointer passes")
	}
}

// TestDecodeMade gives a node made at run time values that the language's schema refuses in a file,
// but of which the reference runtime's models make something.
func TestDecodeMade(t *testing.T) {
	for name, test := range map[string]struct{ field, json, want, err string }{
		"number as text":       {"start", `5`, "5", ""},
		"fraction as text":     {"start", `2.50`, "2.5", ""},
		"boolean as text":      {"start", `true`, "True", ""},
		"text as number":       {"wait", `"1.5"`, "1.5", ""},
		"text as whole number": {"tries", `" 4 "`, "4", ""},
		"fraction as whole":    {"tries", `4.5`, "4", ""},
		"text as boolean":      {"use_cache", `"Off"`, "false", ""},
		"number as boolean":    {"use_cache", `1`, "true", ""},
		"null is none":         {"wait", `null`, "<nil>", ""},
		"no boolean":           {"use_cache", `"maybe"`, "", `use_cache: expected true or false, found text "maybe"`},
		"no number":            {"tries", `"many"`, "", "tries: expected a whole number, found text"},
		"a number of an enum":  {"http_method", `1`, "", `http_method: expected one of`},
		"a list is no text":    {"start", `["a"]`, "", "start: expected"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := value.DecodeString(test.json)
			if err != nil {
				t.Fatal(err)
			}
			n := oneStream(t, "  retriever: {type: SimpleRetriever}\n").Get("retriever")
			filled := n.Value().(*value.Dict).Clone()
			filled.Set(test.field, v)
			var def retrieverDefinition
			err = Decode(NewCompiler(testTable(), nil), n.Rebuild("made", filled, false), &def)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]any{"start": def.Start, "wait": def.Wait, "tries": def.Tries}[test.field]
			if test.field == "use_cache" {
				got = *def.Cache
			}
			if fmt.Sprint(got) != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}
