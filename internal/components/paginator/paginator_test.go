package paginator_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/paginator"
	"anytap/internal/components/requester"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

func now() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }

// build compiles a paginator of YAML.
func build(t *testing.T, text string, config *value.Dict, scope contract.Scope) (rest.Paginator, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", text)
	table := paginator.Table()
	table["RequestOption"] = requester.Table()["RequestOption"]
	c := manifest.NewCompiler(table, config)
	c.Now = now
	return manifest.Build[rest.Paginator](manifest.With(c, scope), root)
}

// TestNext compares with the reference runtime: next.json holds what it answered.
func TestNext(t *testing.T) {
	data, err := os.ReadFile("testdata/next.json")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := value.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range cases.(*value.List).All() {
		c := v.(*value.Dict)
		name, _ := c.Get("name")
		t.Run(value.Str(name), func(t *testing.T) { testNext(t, c) })
	}
}

func testNext(t *testing.T, c *value.Dict) {
	get := func(name string) any { v, _ := c.Get(name); return v }
	dict := func(name string) *value.Dict {
		if d, ok := get(name).(*value.Dict); ok {
			return d
		}
		return value.NewDict(0)
	}
	model := value.DictOf("type", "DefaultPaginator", "pagination_strategy", get("strategy"))
	p, err := build(t, string(value.Append(nil, model)), dict("config"), contract.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	for name, v := range dict("headers").All() {
		header.Set(name, value.Str(v))
	}
	r := rest.NewResponse(200, header, "", []byte(value.Str(get("body"))))
	if n, ok := get("extracted").(int64); ok {
		r.Extracted = int(n)
	}
	size, _ := get("size").(int64)
	override, _ := get("override").(int64)
	last, _ := get("last").(*value.Dict)
	request := &rest.PageRequest{Slice: tap.NewSlice(nil, dict("window"), nil), Token: get("token"), PageSize: int(override)}
	next, err := p.Next(r, int(size), last, request)
	if wrong := get("error"); (err != nil) != (wrong != nil) {
		t.Fatalf("error %v, expected %v", err, wrong)
	}
	if !value.Equal(next, get("next")) || value.TypeName(next) != value.TypeName(get("next")) {
		t.Errorf("next is %s, expected %s", value.Repr(next), value.Repr(get("next")))
	}
}

const (
	pageYAML = `
type: DefaultPaginator
page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: limit}
pagination_strategy: {type: PageIncrement, page_size: 3, start_from_page: 1`
	offsetYAML = `
type: DefaultPaginator
page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: offset}
page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: limit}
pagination_strategy: {type: OffsetIncrement, page_size: `
	cursorYAML = `
type: DefaultPaginator
page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: cursor}
pagination_strategy:
  type: CursorPagination
  cursor_value: "{{ response.get('next') }}"
`
	urlYAML = `
type: DefaultPaginator
page_token_option: {type: RequestPath}
pagination_strategy:
  type: CursorPagination
  cursor_value: "{{ response['next_url'] or '' }}"
  stop_condition: "{{ not response.get('next_url') }}"
`
)

// TestSuite runs what every paginator has to pass over each way to find the next page.
func TestSuite(t *testing.T) {
	tests := map[string]struct {
		yaml string
		kind state.Kind
	}{
		"page":              {pageYAML + "}", state.Page},
		"page, injected":    {pageYAML + ", inject_on_first_request: true}", state.Page},
		"offset":            {offsetYAML + "3}", state.Offset},
		"offset, injected":  {offsetYAML + "3, inject_on_first_request: true}", state.Offset},
		"offset, templated": {offsetYAML + `"{{ config['n'] }}"}`, state.Offset},
		"cursor":            {cursorYAML, state.Opaque},
		"next address":      {urlYAML, state.NextURL},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, test.yaml, value.DictOf("n", 3), contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			if p.Kind() != test.kind {
				t.Errorf("kind is %q, expected %q", p.Kind(), test.kind)
			}
			resttest.Paginator(t, p, 3)
		})
	}
}

func TestNoPagination(t *testing.T) {
	p, err := build(t, "type: NoPagination", nil, contract.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if first, _ := p.First(); first != nil || p.Kind() != state.None {
		t.Errorf("first %v, kind %q", first, p.Kind())
	}
}

// noPager is a decoder that paginators can not look into.
type noPager struct{ rest.Decoder }

func (noPager) Abilities() rest.DecoderAbilities { return rest.DecoderAbilities{} }

func TestRefused(t *testing.T) {
	tests := map[string]struct {
		yaml  string
		scope contract.Scope
		says  string
	}{
		"no strategy":                 {"type: DefaultPaginator", contract.Scope{}, "pagination_strategy"},
		"size option without a size":  {strings.Replace(pageYAML, "page_size: 3, ", "", 1) + "}", contract.Scope{}, "page_size_option needs a page_size"},
		"size option with size 0":     {offsetYAML + "0}", contract.Scope{}, "page_size_option needs a page_size"},
		"page size is text":           {strings.Replace(pageYAML, "page_size: 3", `page_size: "{{ config['t'] }}"`, 1) + "}", contract.Scope{}, "page_size is 'many'"},
		"page size is unknown":        {strings.Replace(pageYAML, "page_size: 3", `page_size: "{{ nothing }}"`, 1) + "}", contract.Scope{}, "page_size"},
		"offset page size is text":    {offsetYAML + `"{{ config['t'] }}"}`, contract.Scope{}, "page_size is 'many'"},
		"one field for both":          {strings.Replace(offsetYAML, "field_name: limit", "field_name: offset", 1) + "3}", contract.Scope{}, "collision"},
		"decoder":                     {offsetYAML + "3}", contract.Scope{Decoder: noPager{}}, "decoder can not be used"},
		"page_size without one":       {strings.Replace(cursorYAML, "response.get('next')", "page_size", 1), contract.Scope{}, "reads page_size"},
		"page_size in stop condition": {cursorYAML + "  stop_condition: \"{{ last_page_size < page_size }}\"", contract.Scope{}, "reads page_size"},
		"no cursor value":             {"type: DefaultPaginator\npagination_strategy: {type: CursorPagination}", contract.Scope{}, "cursor_value"},
		"strategy of another kind":    {"type: DefaultPaginator\npagination_strategy: {type: NoPagination}", contract.Scope{}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := build(t, test.yaml, value.DictOf("t", "many"), test.scope)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, expected %q", err, test.says)
			}
		})
	}
}

func TestInject(t *testing.T) {
	nested := `
type: DefaultPaginator
page_token_option: {type: RequestOption, inject_into: body_json, field_path: [page, "no"]}
page_size_option: {type: RequestOption, inject_into: body_json, field_path: [page, size]}
pagination_strategy: {type: PageIncrement, page_size: 3}`
	tests := map[string]struct {
		yaml     string
		token    any
		override int
		want     string
		path     string
	}{
		"first page":       {pageYAML + "}", nil, 0, `{"limit":3} null`, ""},
		"token":            {pageYAML + "}", int64(4), 0, `{"page":4,"limit":3} null`, ""},
		"smaller page":     {offsetYAML + "3}", int64(0), 2, `{"offset":0,"limit":2} null`, ""},
		"nested":           {nested, int64(4), 0, `null {"page":{"no":4,"size":3}}`, ""},
		"address":          {urlYAML, "https://api.test/b", 0, `null null`, "https://api.test/b"},
		"no address":       {urlYAML, nil, 0, `null null`, ""},
		"token not wanted": {"type: DefaultPaginator\npagination_strategy: {type: PageIncrement, page_size: 3}", int64(4), 0, `null null`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, test.yaml, value.NewDict(0), contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			request := &rest.PageRequest{Token: test.token, PageSize: test.override}
			o := &rest.Parts{}
			if err := p.Inject(o, request); err != nil {
				t.Fatal(err)
			}
			if got := text(o.Params) + " " + text(o.JSON); got != test.want {
				t.Errorf("options are %s, expected %s", got, test.want)
			}
			if path, err := p.Path(request); path != test.path || err != nil {
				t.Errorf("path is %q, %v, expected %q", path, err, test.path)
			}
		})
	}
}

func text(d *value.Dict) string {
	if d == nil {
		return "null"
	}
	return string(value.Append(nil, d))
}

func TestReads(t *testing.T) {
	tests := map[string]struct {
		cursor string
		want   string
	}{
		"path":    {"{{ response.meta['next'] }}", "[[meta next]] false"},
		"all":     {"{{ response | length }}", "[] true"},
		"nothing": {"{{ last_record['id'] }}", "none"},
		"headers": {"{{ headers['X-Next'] }}", "none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, strings.Replace(cursorYAML, "{{ response.get('next') }}", test.cursor, 1), value.NewDict(0), contract.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			got := "none"
			if reads := p.Abilities().Reads; reads.All || len(reads.Paths) > 0 {
				got = shown(reads)
			}
			if got != test.want {
				t.Errorf("reads %s, expected %s", got, test.want)
			}
		})
	}
}

func shown(r rest.Reads) string { return fmt.Sprint(r.Paths, r.All) }
