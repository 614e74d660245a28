package requester_test

import (
	"context"
	"strings"
	"testing"

	"anytap/internal/components/budget"
	"anytap/internal/components/contract"
	"anytap/internal/components/errorhandler"
	"anytap/internal/components/requester"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func table() manifest.Table {
	all := requester.Table()
	for _, kind := range []manifest.Table{errorhandler.Table(), budget.Table()} {
		for name, entry := range kind {
			all[name] = entry
		}
	}
	// Stand-ins for what other kinds hold.
	all["NoAuth"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (rest.Authenticator, error) { return keyed{}, nil })}
	all["QueryProperties"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (any, error) { return nil, nil })}
	return all
}

// keyed is an authenticator with a header.
type keyed struct{}

func (keyed) Sign(_ context.Context, o *rest.Parts) error {
	o.Headers = value.DictOf("X-K", "A")
	return nil
}
func (keyed) Refresh(context.Context) error { return rest.ErrNoRefresh }

func (keyed) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

func compiler(t *testing.T, text string, transport *resttest.Transport) (*manifest.Compiler, *manifest.Node) {
	t.Helper()
	root := manifesttest.Resolve(t, "test.yaml", text)
	config, err := value.DecodeString(`{"i":7,"b":false,"t":true,"l":["x","y"],"n":null,"s":"5","o":{"k":1},"e":"","x":"b c","base":"http://api.test/v9"}`)
	if err != nil {
		t.Fatal(err)
	}
	c := manifest.NewCompiler(table(), config.(*value.Dict))
	manifest.Provide(c, resttest.Runtime(transport, resttest.NewClock()))
	return c, root
}

func page(c *manifest.Compiler, token any) *rest.PageRequest {
	slice := tap.NewSlice(value.DictOf("k", "v"), nil, nil)
	env := jinja.NewEnv(c.Now).Set("config", c.Config).Set("stream_slice", jinja.NewStreamSlice(slice.Partition, slice.Window, nil)).Set("next_page_token", nil)
	if token != nil {
		env.Set("next_page_token", value.DictOf("next_page_token", token))
	}
	return &rest.PageRequest{Slice: slice, Token: token, Env: env}
}

// requestCase is a requester with the request that it sends.
type requestCase struct {
	yaml       string
	path       string
	token      any
	properties []string
	extra      *rest.Parts
	want       string // the request; several lines: headers follow
	build      string // an error while it is built
	err        string // an error while it is sent
}

func (c requestCase) run(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Body: "{}"})
	compiler, root := compiler(t, c.yaml, transport)
	r, err := manifest.Build[rest.Requester](compiler, root)
	if c.build != "" {
		if err == nil || !strings.Contains(err.Error(), c.build) {
			t.Errorf("got %v, want %q", err, c.build)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	p := page(compiler, c.token)
	p.Properties = c.properties
	_, err = r.Send(context.Background(), p, c.path, c.extra)
	if c.err != "" {
		if err == nil || !strings.Contains(err.Error(), c.err) || tap.KindOf(err) != tap.System {
			t.Errorf("got %v, want %q", err, c.err)
		}
		if n := len(transport.Log()); n != 0 {
			t.Errorf("%d requests were made", n)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(c.want, "\n")
	got := transport.Log()[0]
	if got.String() != want[0] {
		t.Errorf("got  %s\nwant %s", got, want[0])
	}
	for _, line := range want[1:] {
		name, v, _ := strings.Cut(line, ": ")
		if got.Header.Get(name) != v {
			t.Errorf("header %s: got %q, want %q", name, got.Header.Get(name), v)
		}
	}
}

const get = "type: HttpRequester\nurl_base: http://api.test\npath: /items\n"
const post = get + "http_method: POST\n"

func TestAddresses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"plain":                    {yaml: get, want: "GET http://api.test/items"},
		"base and path":            {yaml: "type: HttpRequester\nurl_base: http://api.test/v1/\npath: //items/", want: "GET http://api.test/v1/items/"},
		"url":                      {yaml: "type: HttpRequester\nurl: http://api.test/items?fixed=1", want: "GET http://api.test/items?fixed=1"},
		"url and path":             {yaml: "type: HttpRequester\nurl: http://api.test/items\npath: /extra", want: "GET http://api.test/items/extra"},
		"url_base beats url":       {yaml: "type: HttpRequester\nurl: http://other.test/\nurl_base: http://api.test/\npath: x", want: "GET http://api.test/x"},
		"a url that is not used":   {yaml: "type: HttpRequester\nurl: '{{ nosuch }}'\nurl_base: http://api.test/\npath: x", err: "nosuch"},
		"templates in addresses":   {yaml: "type: HttpRequester\nurl_base: \"{{ config['base'] }}\"\npath: \"/a/{{ config['x'] }}/{{ stream_partition['k'] }}\"", want: "GET http://api.test/v9/a/b%20c/v"},
		"path of a token":          {yaml: get + "request_parameters: {a: '1', b: '2'}", path: "http://next.test/p?a=1&b=3", want: "GET http://next.test/p?a=1&b=3&b=2"},
		"absolute path of a token": {yaml: "type: HttpRequester\nurl_base: http://api.test/v1\npath: x", path: "/v2/y", want: "GET http://api.test/v2/y"},
	} {
		t.Run(name, c.run)
	}
}

func TestParametersAndHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"parameters": {yaml: get + "request_parameters:\n  i: \"{{ config['i'] }}\"\n  b: \"{{ config['b'] }}\"\n  l: \"{{ config['l'] }}\"\n  n: \"{{ config['n'] }}\"\n  e: ''\n  z: \"{{ config['e'] }}\"\n  o: \"{{ config['o'] }}\"\n  m: a{{ config['i'] }}\n  u: \"{{ config['nope'] }}\"",
			want: "GET http://api.test/items?i=7&b=False&l=x&l=y&n=None&o=%7B%27k%27%3A+1%7D&m=a7"},
		"parameters as text":  {yaml: get + "request_parameters: a=1", want: "GET http://api.test/items"},
		"parameters as a map": {yaml: get + "request_parameters: \"{{ {'a': 1, 'n': none} }}\"", want: "GET http://api.test/items?a=1"},
		"a number":            {yaml: get + "request_parameters: {v: 1}", build: "request_parameters"},
		"token and slice":     {yaml: get + "request_parameters: {n: \"{{ next_page_token['next_page_token'] }}\", s: '{{ stream_slice.k }}'}", token: int64(2), want: "GET http://api.test/items?n=2&s=v"},
		"headers": {yaml: get + "request_headers:\n  X-I: \"{{ config['i'] }}\"\n  X-E: ''\n  X-N: \"{{ config['n'] }}\"\n  X-T: \"{{ config['t'] }}\"\n  User-Agent: me/1",
			want: "GET http://api.test/items\nX-I: 7\nX-T: True\nX-E: \nX-N: \nUser-Agent: me/1\nAccept: */*"},
		"headers as text": {yaml: get + "request_headers: some", err: "request_headers: one text"},
		"header break":    {yaml: get + "request_headers: {X-A: \"a\\nb\"}", err: "line break"},
		"auth":            {yaml: get + "authenticator: {type: NoAuth}", want: "GET http://api.test/items\nX-K: A"},
		"auth collides":   {yaml: get + "authenticator: {type: NoAuth}\nrequest_headers: {X-K: B}", err: `collision: two components set "X-K"`},
	} {
		t.Run(name, c.run)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"JSON": {yaml: post + "request_body_json:\n  a: {b: [{c: \"{{ config['i'] }}\"}, \"{{ config['b'] }}\"]}\n  s: \"{{ config['s'] }}\"\n  n: null\n  e: ''\n  z: 0",
			want: `POST http://api.test/items {"a": {"b": [{"c": 7}, false]}, "s": 5, "z": 0}` + "\nContent-Type: application/json"},
		"JSON with its own type": {yaml: post + "request_headers: {Content-Type: application/vnd.api+json}\nrequest_body_json: {a: '1'}", want: "POST http://api.test/items {\"a\": 1}\nContent-Type: application/vnd.api+json"},
		"JSON as text":           {yaml: post + "request_body_json: \"{{ {'a': 1} }}\"", want: `POST http://api.test/items {"a": 1}`},
		"JSON that is text":      {yaml: post + "request_body_json: \"some text\"", err: "request_body_json gives text"},
		"JSON, empty":            {yaml: post + "request_body_json: {}", want: "POST http://api.test/items\nContent-Type: "},
		"JSON, with GET":         {yaml: get + "request_body_json: {a: '1'}", want: `GET http://api.test/items {"a": 1}`},
		"form":                   {yaml: post + "request_body_data: {a: \"{{ config['i'] }}\", b: x y&z, l: \"{{ config['l'] }}\", n: \"{{ config['n'] }}\", e: ''}", want: "POST http://api.test/items a=7&b=x+y%26z&l=x&l=y&n=None\nContent-Type: application/x-www-form-urlencoded"},
		"text":                   {yaml: post + "request_body_data: raw {{ config['i'] }} body", want: "POST http://api.test/items raw 7 body\nContent-Type: "},
		"text that is a map":     {yaml: post + "request_body_data: \"{'a': 1}\"", want: "POST http://api.test/items a=1"},
		"body, plain text":       {yaml: post + "request_body: {type: RequestBodyPlainText, value: \"hello {{ config['i'] }}\"}", want: "POST http://api.test/items hello 7"},
		"body, form":             {yaml: post + "request_body: {type: RequestBodyUrlEncodedForm, value: {a: \"{{ config['i'] }}\"}}", want: "POST http://api.test/items a=7"},
		"body, JSON":             {yaml: post + "request_body: {type: RequestBodyJsonObject, value: {a: \"{{ config['i'] }}\", b: {c: '1'}}}", want: `POST http://api.test/items {"a": 7, "b": {"c": 1}}`},
		"body, GraphQL":          {yaml: post + "request_body: {type: RequestBodyGraphQL, value: {query: \"{ items(first: {{ config['i'] }}) { id } }\", variables: {x: \"{{ config['s'] }}\"}}}", want: `POST http://api.test/items {"query": "{ items(first: 7) { id } }", "variables": {"x": 5}}`},
		"body, JSON as written": {yaml: post + "request_body: {type: ExactJsonBody, value: {n: null, e: '', l: [null, {a: \"{{ config['i'] }}\"}], '{{ x }}': {}, s: \"{{ '%r'|format(config['s']) }}\"}}",
			want: `POST http://api.test/items {"n": null, "e": "", "l": [null, {"a": 7}], "{{ x }}": {}, "s": "5"}` + "\nContent-Type: application/json"},
		"body, an empty object": {yaml: post + "request_body: {type: ExactJsonBody, value: {}}", want: "POST http://api.test/items {}\nContent-Type: application/json"},
		"body, an error in it":  {yaml: post + "request_body: {type: ExactJsonBody, value: {a: [\"{{ 1 / 0 }}\"]}}", err: "request body"},
		"two bodies":            {yaml: post + "request_body_data: {a: '1'}\nrequest_body_json: {b: '2'}", build: "leave one of them out"},
		"body and form":         {yaml: post + "request_body_data: {a: '1'}\nrequest_body: {type: RequestBodyJsonObject, value: {b: '2'}}", build: "leave one of them out"},
	} {
		t.Run(name, c.run)
	}
}

func TestPartsOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"extra":                  {yaml: get + "request_parameters: {a: '1'}", extra: &rest.Parts{Params: value.DictOf("page", 2)}, want: "GET http://api.test/items?a=1&page=2"},
		"extra collides":         {yaml: get + "request_parameters: {page: '9'}", extra: &rest.Parts{Params: value.DictOf("page", 2)}, err: `collision: two components set "page"`},
		"an object as parameter": {yaml: get, extra: &rest.Parts{Params: value.DictOf("o", value.NewDict(0))}, err: `"o" is an object`},
		"properties":             {yaml: get + "request_parameters: {fields: {type: QueryProperties}, a: '1'}", properties: []string{"id", "name"}, want: "GET http://api.test/items?a=1&fields=id%2Cname"},
		"properties missing":     {yaml: get + "request_parameters: {fields: {type: QueryProperties}}", err: "asks for no properties"},
		"PUT":                    {yaml: get + "http_method: PUT", build: "http_method"},
		"no scheme":              {yaml: "type: HttpRequester\nurl: api.test/x", err: "has no scheme"},
	} {
		t.Run(name, c.run)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	const text = "type: HttpRequester\nurl_base: http://api.test\npath: /items\nrequest_parameters: {key: \"{{ config['s'] }}\", n: \"{{ next_page_token['next_page_token'] if next_page_token else '' }}\"}"
	fingerprint := func(text string, token any, extra *rest.Parts) string {
		c, root := compiler(t, text, resttest.Script(resttest.Answer{Body: "{}"}))
		r, err := manifest.Build[*requester.HTTP](c, root)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Abilities().Fingerprint(page(c, token), extra)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	base := fingerprint(text, nil, nil)
	if base != fingerprint(text, nil, nil) || base == fingerprint(text, "t", nil) ||
		base == fingerprint(text, nil, &rest.Parts{Params: value.DictOf("a", 1)}) || base == fingerprint(strings.Replace(text, "items", "other", 1), nil, nil) {
		t.Error("a fingerprint does not tell requests apart")
	}
}

func TestUseCache(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		yaml  string
		scope bool
		want  int
	}{
		"not asked for":          {"", false, 2},
		"asked for":              {"use_cache: true\n", false, 1},
		"asked for by a parent":  {"", true, 1},
		"refused to a parent":    {"use_cache: false\n", true, 2},
		"not for another method": {"use_cache: true\nhttp_method: POST\n", false, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := resttest.Script(resttest.Answer{Body: "{}"})
			compiler, root := compiler(t, "type: HttpRequester\nurl: http://api.test/items\n"+c.yaml, transport)
			r, err := manifest.Build[rest.Requester](manifest.With(compiler, contract.Scope{UseCache: c.scope}), root)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := r.Send(context.Background(), page(compiler, nil), "", nil); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(transport.Log()); n != c.want {
				t.Errorf("%d requests, want %d", n, c.want)
			}
		})
	}
}

func TestRequestOptions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		yaml string
		want string // where "v" goes, as JSON of the options' parts
		err  string
	}{
		"parameter":  {"{type: RequestOption, inject_into: request_parameter, field_name: page}", `{"page":"v"}`, ""},
		"header":     {"{type: RequestOption, inject_into: header, field_name: \"X-{{ config['i'] }}\"}", `{"X-7":"v"}`, ""},
		"form":       {"{type: RequestOption, inject_into: body_data, field_name: f}", `{"f":"v"}`, ""},
		"path":       {"{type: RequestOption, inject_into: body_json, field_path: [a, \"{{ config['s'] }}\", c]}", `{"a":{"5":{"c":"v"}}}`, ""},
		"parameters": {"{type: RequestOption, inject_into: header, field_name: \"X{{ parameters['p'] }}\", $parameters: {p: q}}", `{"X":"v"}`, ""},
		"elsewhere":  {"{type: RequestOption, inject_into: path, field_name: f}", "", "inject_into"},
		"nothing":    {"{type: RequestOption, inject_into: header}", "", "field_name or field_path"},
		"empty name": {"{type: RequestOption, inject_into: header, field_name: ''}", "", "field_name or field_path"},
		"empty path": {"{type: RequestOption, inject_into: header, field_name: X, field_path: []}", `{"X":"v"}`, ""},
		"no path":    {"{type: RequestOption, inject_into: body_json, field_name: '', field_path: [a]}", `{"a":"v"}`, ""},
		"both":       {"{type: RequestOption, inject_into: body_json, field_name: a, field_path: [b]}", "", "can not both"},
		"too deep":   {"{type: RequestOption, inject_into: header, field_path: [a, b]}", "", "only possible with inject_into: body_json"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compiler, root := compiler(t, c.yaml, nil)
			option, err := manifest.Build[*rest.RequestOption](compiler, root)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			o := &rest.Parts{}
			if err := option.Inject(o, "v"); err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, d := range []*value.Dict{o.Params, o.Headers, o.Form, o.JSON} {
				if d != nil {
					got += string(value.Append(nil, d))
				}
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAbandonedVariable(t *testing.T) {
	t.Parallel()
	c, root := compiler(t, "type: HttpRequester\nurl: http://api.test/items\nrequest_parameters: {since: \"{{ stream_state.u }}\"}\n", resttest.Script(resttest.Answer{Body: "{}"}))
	r, err := manifest.Build[rest.Requester](c, root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Send(context.Background(), page(c, nil), "", nil); tap.KindOf(err) != tap.Config {
		t.Errorf("got %v of kind %s, want one for the user to mend", err, tap.KindOf(err))
	}
}
