package partition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// routerOf builds the router of a manifest's text.
func routerOf(t *testing.T, text string) (tap.PartitionRouter, *[]string, error) {
	t.Helper()
	n, err := manifest.Parse("test.yaml", []byte("type: SimpleRetriever\npartition_router:\n"+indent(text)))
	if err != nil {
		t.Fatal(err)
	}
	var pages int
	var opened []string
	r, err := buildFrom(t, fakeTable(&pages, &opened), n)
	return r, &opened, err
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// flow writes what a router gives, one line a slice.
func flow(t *testing.T, r tap.PartitionRouter) string {
	t.Helper()
	p, err := r.Open(nil)
	if err != nil {
		return "open: " + err.Error()
	}
	var lines []string
	for s, err := range p.All(context.Background()) {
		if err != nil {
			lines = append(lines, "error: "+err.Error())
			break
		}
		line := string(value.Append(nil, s.Partition))
		if s.Extra != nil && s.Extra.Len() > 0 {
			line += " " + string(value.Append(nil, s.Extra))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

const twoParents = `
type: SubstreamPartitionRouter
parent_stream_configs:
  - type: ParentStreamConfig
    stream: {type: DeclarativeStream, name: a, fake: [{pages: [[{id: 1, n: {k: x}}], [{id: null}, {id: 2}]]}], incremental_sync: {type: DatetimeBasedCursor, cursor_field: at}}
    parent_key: id
    partition_field: pid
    incremental_dependency: true
    extra_fields: [[n, k]]
    request_option: {type: RequestOption, inject_into: request_parameter, field_name: p}
  - type: ParentStreamConfig
    stream: {type: DeclarativeStream, name: b, fake: [{partition: {q: 7}, pages: [[{id: "5"}], broken]}]}
    parent_key: id
    partition_field: other
    request_option: {type: RequestOption, inject_into: header, field_name: X-Other}
`

func TestRouters(t *testing.T) {
	tests := map[string]struct{ router, want string }{
		"list": {
			"{type: ListPartitionRouter, cursor_field: k, values: [u, v]}",
			`{"k":"u"}` + "\n" + `{"k":"v"}`,
		},
		"list from a template": {
			`{type: ListPartitionRouter, cursor_field: "{{ 'k' }}", values: "{{ [1, 2] }}"}`,
			`{"k":1}` + "\n" + `{"k":2}`,
		},
		"a number is no list": {
			`{type: ListPartitionRouter, cursor_field: k, values: "{{ 5 }}"}`,
			`error: values: 5 is no list`,
		},
		"two parents, the second fails": {
			twoParents,
			`{"pid":1,"parent_slice":{}} {"n.k":"x"}` + "\n" + `{"pid":2,"parent_slice":{}} {"n.k":null}` + "\n" +
				`error: parent stream b: broken`,
		},
		"groups": {
			"{type: GroupingPartitionRouter, group_size: 2, underlying_partition_router: {type: ListPartitionRouter, cursor_field: k, values: [a, b, a, c]}}",
			`{"k":["a","b"]}` + "\n" + `{"k":["c"]}`,
		},
		"union": {
			`
type: UnionPartitionRouter
partition_field: k
partition_routers:
  - {type: ListPartitionRouter, cursor_field: k, values: [a, b]}
  - {type: ListPartitionRouter, cursor_field: k, values: [b, c]}`,
			`{"k":"a"}` + "\n" + `{"k":"b"}` + "\n" + `{"k":"c"}`,
		},
		"product": {
			`
- {type: ListPartitionRouter, cursor_field: i, values: ["1", "2"]}
- {type: ListPartitionRouter, cursor_field: j, values: [a, b]}`,
			`{"j":"a","i":"1"}` + "\n" + `{"j":"b","i":"1"}` + "\n" + `{"j":"a","i":"2"}` + "\n" + `{"j":"b","i":"2"}`,
		},
		"product with nothing": {
			`
- {type: ListPartitionRouter, cursor_field: i, values: ["1", "2"]}
- {type: ListPartitionRouter, cursor_field: j, values: []}`,
			"",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, _, err := routerOf(t, tt.router)
			if err != nil {
				t.Fatal(err)
			}
			if got := flow(t, r); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	const option = "request_option: {type: RequestOption, inject_into: header, field_name: k}"
	tests := map[string]struct{ router, want string }{
		"no parents": {"{type: SubstreamPartitionRouter, parent_stream_configs: []}", "parent_stream_configs is empty"},
		"a star in the lazy path": {
			"{type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, stream: {type: DeclarativeStream, name: a, fake: []}, parent_key: id, partition_field: p, lazy_read_pointer: [a, '*']}]}",
			"lazy_read_pointer: a path with *",
		},
		"empty groups": {
			"{type: GroupingPartitionRouter, group_size: 0, underlying_partition_router: {type: ListPartitionRouter, cursor_field: k, values: [a]}}",
			"group_size is 0",
		},
		"options below groups": {
			"{type: GroupingPartitionRouter, group_size: 1, underlying_partition_router: {type: ListPartitionRouter, cursor_field: k, values: [a], " + option + "}}",
			"request_option is not possible below a GroupingPartitionRouter",
		},
		"options below a union": {
			"{type: UnionPartitionRouter, partition_field: k, partition_routers: [{type: ListPartitionRouter, cursor_field: k, values: [a]}, {type: ListPartitionRouter, cursor_field: k, values: [a], " + option + "}]}",
			"request_option is not possible below a UnionPartitionRouter",
		},
		"fields of a union": {
			"{type: UnionPartitionRouter, partition_field: k, partition_routers: [{type: ListPartitionRouter, cursor_field: k, values: [a]}, {type: ListPartitionRouter, cursor_field: j, values: [a]}]}",
			`partition_field is "k", but a router gives "j"`,
		},
		"one router in a union": {
			"{type: UnionPartitionRouter, partition_field: k, partition_routers: [{type: ListPartitionRouter, cursor_field: k, values: [a]}]}",
			"partition_routers",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := routerOf(t, tt.router)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "test.yaml:") {
				t.Errorf("got %v, want a place and %q", err, tt.want)
			}
		})
	}
}

// TestParentIsOpenedWith follows the forms of state from which the reference runtime takes a
// parent's.
func TestParentIsOpenedWith(t *testing.T) {
	tests := map[string]struct{ state, want string }{
		"nothing":                        {"", "-"},
		"an empty state":                 {`{}`, "-"},
		"parent_state":                   {`{"parent_state":{"a":{"at":"1"}},"state":{"u":"2"}}`, `{"at":"1"}`},
		"parent_state of another parent": {`{"parent_state":{"z":{"at":"1"}},"state":{"u":"2"}}`, `{"u":"2"}`},
		"the global cursor":              {`{"state":{"u":"2"},"use_global_cursor":true}`, `{"u":"2"}`},
		"a single cursor":                {`{"u":"3"}`, `{"at":"3"}`},
		"a single number":                {`{"u":3}`, `{"at":3}`},
		"a single switch":                {`{"u":true}`, "-"},
		"a read without cursor":          {`{"__ab_no_cursor_state_message":true}`, "-"},
		"a cursor beside it":             {`{"__ab_no_cursor_state_message":true,"u":"3"}`, `{"at":"3"}`},
		"two members":                    {`{"u":"3","v":"4"}`, "-"},
		"a list of partitions":           {`{"states":[]}`, "-"},
		"a broken parent_state":          {`{"parent_state":"x"}`, `{"at":"x"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, opened, err := routerOf(t, twoParents)
			if err != nil {
				t.Fatal(err)
			}
			var state *value.Dict
			if tt.state != "" {
				state = value.LazyDict([]byte(tt.state))
			}
			if _, err := r.Open(state); err != nil {
				t.Fatal(err)
			}
			if want := []string{"a " + tt.want, "b -"}; !slices.Equal(*opened, want) {
				t.Errorf("opened %q, want %q", *opened, want)
			}
		})
	}
}

func TestInject(t *testing.T) {
	product := "\n- {type: ListPartitionRouter, cursor_field: k, values: [u], request_option: {type: RequestOption, inject_into: request_parameter, field_name: same}}" +
		"\n- {type: ListPartitionRouter, cursor_field: j, values: [x], request_option: {type: RequestOption, inject_into: request_parameter, field_name: same}}"
	tests := map[string]struct{ router, partition, want string }{
		"the first parent's":  {twoParents, `{"pid":1}`, `{"p":1} null`},
		"the second parent's": {twoParents, `{"other":"5"}`, `null {"X-Other":"5"}`},
		"not 0":               {twoParents, `{"pid":0}`, `null null`},
		"of two, the first":   {product, `{"k":"u","j":"x"}`, `{"same":"u"} null`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, _, err := routerOf(t, tt.router)
			if err != nil {
				t.Fatal(err)
			}
			o := &rest.Parts{}
			p := &rest.PageRequest{Slice: tap.NewSlice(value.LazyDict([]byte(tt.partition)), nil, nil)}
			if err := r.(router).Injector().Inject(o, p); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%s %s", value.Append(nil, orNil(o.Params)), value.Append(nil, orNil(o.Headers))); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestLazyRead: only a child's first read takes its first page from the parent's records.
func TestLazyRead(t *testing.T) {
	const lazy = "{type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, stream: {type: DeclarativeStream, name: a, " +
		"fake: [{pages: [[{id: 1, kids: {data: [5]}}, {id: 2}]]}]}, parent_key: id, partition_field: p, lazy_read_pointer: [kids]}]}"
	r, _, err := routerOf(t, lazy)
	if err != nil {
		t.Fatal(err)
	}
	first := `{"p":1,"parent_slice":{}} {"child_response":{"data":[5]}}` + "\n" + `{"p":2,"parent_slice":{}} {"child_response":[]}`
	if got := flow(t, r); got != first {
		t.Errorf("first read\n%s\nwant\n%s", got, first)
	}
	p, err := r.Open(value.DictOf("u", "2026-11-01"))
	if err != nil {
		t.Fatal(err)
	}
	for s, err := range p.All(t.Context()) {
		if err != nil || s.Extra.Len() > 0 {
			t.Errorf("later read: %v %s", err, value.Append(nil, s.Extra))
		}
	}
}

func TestParentNames(t *testing.T) {
	r, _, err := routerOf(t, "{type: GroupingPartitionRouter, group_size: 1, underlying_partition_router: {"+
		"type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, stream: {type: DeclarativeStream, name: a, fake: []}, parent_key: id, partition_field: p}]}}")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.ParentNames(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("parents %q", got)
	}
	if !r.GlobalOnly() {
		t.Error("groups have states of their own")
	}
}

// TestUnsupportedParent passes on why a parent can not be read.
func TestUnsupportedParent(t *testing.T) {
	why := errors.New("needs Python")
	table := Table()
	table["DeclarativeStream"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (*tap.Stream, error) {
		return &tap.Stream{Name: "a", Unsupported: why}, nil
	})}
	n, err := manifest.Parse("test", []byte(`{"type":"SimpleRetriever","partition_router":{"type":"SubstreamPartitionRouter","parent_stream_configs":[`+
		`{"type":"ParentStreamConfig","stream":{"type":"DeclarativeStream"},"parent_key":"id","partition_field":"p"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := buildFrom(t, table, n); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

// TestUseCache: only the parents of listed streams keep answers, unless they refuse to.
func TestUseCache(t *testing.T) {
	var seen []string
	table := Table()
	table["DeclarativeStream"] = manifest.Entry{Build: manifest.As(func(c *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
		name, _ := n.Get("name").Text()
		scope, _ := manifest.Scoped[contract.Scope](c)
		seen = append(seen, fmt.Sprint(name, " ", scope.UseCache))
		_, err := manifest.BuildOptional[tap.PartitionRouter](c, n.At("retriever", "partition_router"))
		return &tap.Stream{Name: name}, err
	})}
	n, err := manifest.Parse("test.yaml", []byte(`
type: SimpleRetriever
partition_router:
  type: SubstreamPartitionRouter
  parent_stream_configs:
    - type: ParentStreamConfig
      parent_key: id
      partition_field: p
      stream:
        type: DeclarativeStream
        name: parent
        retriever:
          type: SimpleRetriever
          partition_router:
            type: SubstreamPartitionRouter
            parent_stream_configs:
              - {type: ParentStreamConfig, parent_key: id, partition_field: p, stream: {type: DeclarativeStream, name: grandparent}}
    - type: ParentStreamConfig
      parent_key: id
      partition_field: p
      stream: {type: DeclarativeStream, name: refuses, retriever: {type: SimpleRetriever, requester: {type: HttpRequester, use_cache: false}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := buildFrom(t, table, n); err != nil {
		t.Fatal(err)
	}
	if want := []string{"parent true", "grandparent false", "refuses false"}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
}

// FuzzState: whatever the state, a router says clearly what is wrong with it or ignores it.
func FuzzState(f *testing.F) {
	for _, s := range []string{`{}`, `{"parent_state":{"a":{"at":"1"}}}`, `{"parent_state":[]}`, `{"state":1}`, `{"u":null}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		state, ok := v.(*value.Dict)
		if err != nil || !ok {
			return
		}
		r, _, err := routerOf(t, twoParents)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Open(state); err != nil && err.Error() == "" {
			t.Error("an error without text")
		}
	})
}
