package partition

import (
	"cmp"
	"strings"
	"testing"

	"anytap/internal/components/contract/contracttest"
	"anytap/internal/tap"
)

// parentOf is a ParentStreamConfig of a stream whose records stand in pages.
func parentOf(name, pages string) string {
	return "{type: ParentStreamConfig, parent_key: id, partition_field: k, incremental_dependency: true, " +
		"stream: {type: DeclarativeStream, name: " + name + ", fake: [" + pages + "]}}"
}

// suiteRouters are routers with what they give. BROKEN stands for the part of a router that is
// right or fails.
var suiteRouters = map[string]struct {
	router      string
	right       string
	fault       string // empty: a page that fails
	partitions  string
	beforeFault string
	parents     []string
	globalOnly  bool
}{
	"a list": {
		router:     "{type: ListPartitionRouter, cursor_field: k, values: [u, v, u]}",
		partitions: `{"k":"u"} {"k":"v"} {"k":"u"}`,
	},
	"a list from a template": {
		router: `{type: ListPartitionRouter, cursor_field: k, values: "{{ BROKEN }}"}`,
		right:  "[1, 2]", fault: "5",
		partitions: `{"k":1} {"k":2}`,
	},
	"an empty list": {
		router: "{type: ListPartitionRouter, cursor_field: k, values: []}",
	},
	"records of parents": {
		router: "{type: SubstreamPartitionRouter, parent_stream_configs: [" + parentOf("a", "{pages: [[{id: 1}, {id: 2}], [{}, {id: 1}]]}") + ", " +
			parentOf("b", "{partition: {q: 7}, pages: [[{id: 5}]]}, {pages: [[{id: 6}]BROKEN]}") + "]}",
		partitions: `{"k":1,"parent_slice":{}} {"k":2,"parent_slice":{}} {"k":1,"parent_slice":{}} ` +
			`{"k":5,"parent_slice":{"q":7}} {"k":6,"parent_slice":{}}`,
		beforeFault: `{"k":1,"parent_slice":{}} {"k":2,"parent_slice":{}} {"k":1,"parent_slice":{}} {"k":5,"parent_slice":{"q":7}}`,
		parents:     []string{"a", "b"},
	},
	"groups of a list": {
		router: "{type: GroupingPartitionRouter, group_size: 2, underlying_partition_router: " +
			"{type: ListPartitionRouter, cursor_field: k, values: [a, b, a, c]}}",
		partitions: `{"k":["a","b"]} {"k":["c"]}`, globalOnly: true,
	},
	"groups with what came before": {
		router: "{type: GroupingPartitionRouter, group_size: 3, deduplicate: false, underlying_partition_router: " +
			"{type: ListPartitionRouter, cursor_field: k, values: [a, b, a, c]}}",
		partitions: `{"k":["a","b","a"]} {"k":["c"]}`, globalOnly: true,
	},
	"groups of parents' records": {
		router: "{type: GroupingPartitionRouter, group_size: 2, underlying_partition_router: {type: SubstreamPartitionRouter, parent_stream_configs: [" +
			parentOf("a", "{pages: [[{id: 1}, {id: 2}], [{id: 2}, {id: 3}]BROKEN]}") + "]}}",
		partitions:  `{"k":[1,2],"parent_slice":[{},{}]} {"k":[3],"parent_slice":[{}]}`,
		beforeFault: `{"k":[1,2],"parent_slice":[{},{}]}`,
		parents:     []string{"a"}, globalOnly: true,
	},
	"a union": {
		router: "{type: UnionPartitionRouter, partition_field: k, partition_routers: [{type: ListPartitionRouter, cursor_field: k, values: [a, b]}, " +
			"{type: SubstreamPartitionRouter, parent_stream_configs: [" + parentOf("a", "{pages: [[{id: b}, {id: c}]BROKEN]}") + "]}]}",
		partitions: `{"k":"a"} {"k":"b"} {"k":"c"}`, beforeFault: `{"k":"a"} {"k":"b"}`, parents: []string{"a"},
	},
	"combinations": {
		router: "[{type: ListPartitionRouter, cursor_field: i, values: [x, y]}, " +
			"{type: SubstreamPartitionRouter, parent_stream_configs: [" + parentOf("a", "{pages: [[{id: 1}, {id: 2}]BROKEN]}") + "]}]",
		partitions: `{"k":1,"parent_slice":{},"i":"x"} {"k":2,"parent_slice":{},"i":"x"} ` +
			`{"k":1,"parent_slice":{},"i":"y"} {"k":2,"parent_slice":{},"i":"y"}`,
		parents: []string{"a"},
	},
}

func TestRoutersPassTheSuite(t *testing.T) {
	for name, test := range suiteRouters {
		t.Run(name, func(t *testing.T) {
			c := contracttest.RouterCase{
				Partitions: strings.Fields(test.partitions), BeforeFault: strings.Fields(test.beforeFault),
				Parents: test.parents, GlobalOnly: test.globalOnly, Router: mustRoute(t, strings.ReplaceAll(test.router, "BROKEN", test.right)),
			}
			if strings.Contains(test.router, "BROKEN") {
				c.Broken = mustRoute(t, strings.ReplaceAll(test.router, "BROKEN", cmp.Or(test.fault, ", fail")))
			}
			contracttest.Router(t, c)
		})
	}
}

func mustRoute(t *testing.T, text string) tap.PartitionRouter {
	t.Helper()
	r, _, err := routerOf(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
