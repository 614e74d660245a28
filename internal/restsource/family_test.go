package restsource_test

import (
	"strings"
	"testing"

	"anytap/internal/restsource"
	"anytap/internal/value"
)

const threeLevels = `{"source": "rest", "base_url": "https://api.test", "streams": [
	{"name": "projects", "path": "/projects", "primary_key": "id", "schema": {"type": "object"}, "pagination": {"type": "none"}},
	{"name": "issues", "path": "/projects/{projects.id}/issues", "parent": "projects", "primary_key": "id", "schema": {"type": "object"}, "pagination": {"type": "none"},
	 "replication_key": "at", "replication_param": "since", "include": {"project": "name"}},
	{"name": "comments", "path": "/projects/{parent.parent.id}/issues/{parent.id}/comments", "parent": "issues", "primary_key": "id", "schema": {"type": "object"},
	 "pagination": {"type": "none"}, "replication_key": "at", "replication_param": "since", "include": {"issue": "title", "project": "projects.name"}}]}`

func threeLevelsAPI() *tables {
	a := newTables()
	a.rows["/projects"] = []row{{"id": "a/b c", "name": "first"}, {"id": 2, "name": "1.10"}}
	a.rows["/projects/a%2Fb%20c/issues"] = []row{{"id": 11, "title": "x", "at": on(2, 0)}, {"id": 12, "title": "y", "at": on(3, 0)}}
	a.rows["/projects/2/issues"] = []row{{"id": 21, "title": "z", "at": on(1, 0)}}
	a.rows["/projects/a%2Fb%20c/issues/11/comments"] = []row{{"id": 111, "at": on(2, 1)}}
	a.rows["/projects/a%2Fb%20c/issues/12/comments"] = []row{{"id": 121, "at": on(3, 1)}}
	a.rows["/projects/2/issues/21/comments"] = []row{}
	return a
}

// TestChildrenOfChildren reads two levels of children, each of which asks for what is new only.
func TestChildrenOfChildren(t *testing.T) {
	a := threeLevelsAPI()
	g := newRig(t, a, threeLevels)
	ids, errs := g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "issues", "11 12 21")
	g.want(ids, "comments", "111 121")

	// New rows, and a new project with rows older than all others.
	a.rows["/projects"] = append(a.rows["/projects"], row{"id": 3, "name": "third"})
	a.rows["/projects/3/issues"] = []row{{"id": 31, "at": "2025-01-01T00:00:00Z"}}
	a.rows["/projects/3/issues/31/comments"] = []row{{"id": 311, "at": "2025-01-01T00:00:01Z"}}
	a.rows["/projects/2/issues/21/comments"] = []row{{"id": 211, "at": on(1, 1)}}
	a.rows["/projects/2/issues"] = append(a.rows["/projects/2/issues"], row{"id": 22, "at": on(4, 0)})
	a.rows["/projects/2/issues/22/comments"] = []row{}
	ids, errs = g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "issues", "12 21 22 31")
	g.want(ids, "comments", "111 121 211 311")
	asked := strings.Join(g.asked, "\n")
	for _, want := range []string{
		"/projects/a%2Fb%20c/issues?since=2026-11-03T00%3A00%3A00Z", "/projects/3/issues\n",
		"/projects/a%2Fb%20c/issues/12/comments?since=2026-11-03T00%3A00%3A01Z", "/projects/2/issues/21/comments\n",
	} {
		if !strings.Contains(asked+"\n", want) {
			t.Errorf("nobody asked for %q but for\n%s", want, asked)
		}
	}
	if n := strings.Count("\n"+asked+"\n", "\n/projects\n"); n != 1 {
		t.Errorf("the projects were asked for %d times, expected once for all streams", n)
	}
}

// TestFieldsOfTheParent wants the parent's fields in the records, as they are there.
func TestFieldsOfTheParent(t *testing.T) {
	g := newRig(t, threeLevelsAPI(), threeLevels)
	got := map[string]string{}
	for _, s := range g.streams() {
		g.api.transport.Reply = g.api.reply
		for r, err := range readAll(t, s) {
			if err != nil {
				t.Fatal(err)
			}
			id, _ := r.Get("id")
			got[value.Str(id)] = string(value.Append(nil, r))
		}
	}
	for id, want := range map[string]string{"21": `"project":"1.10"`, "121": `"issue":"y","project":"first"`} {
		if !strings.Contains(got[id], want) {
			t.Errorf("the record is %s, expected %s in it", got[id], want)
		}
	}
	if strings.Contains(got["21"], "parent.") {
		t.Errorf("the record has inner fields: %s", got["21"])
	}
}

// TestAPartitionFails wants the others to be read and remembered, and the failed one to be read
// again.
func TestAPartitionFails(t *testing.T) {
	a := threeLevelsAPI()
	g := newRig(t, a, threeLevels)
	a.broken["/projects/a%2Fb%20c/issues/11/comments"] = true
	ids, errs := g.read()
	g.want(ids, "comments", "121")
	if errs["comments"] == nil || errs["issues"] != nil {
		t.Fatalf("errors are %v", errs)
	}
	a.broken = nil
	ids, errs = g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "comments", "111 121")
	if asked := strings.Join(g.asked, "\n") + "\n"; !strings.Contains(asked, "/11/comments\n") || strings.Contains(asked, "/12/comments\n") {
		t.Errorf("the failed partition is read from its beginning, the other one is not; asked for\n%s", asked)
	}
}

func TestValues(t *testing.T) {
	a := newTables()
	a.rows["/2025/a/x"], a.rows["/2026/a/x"] = []row{{"id": 1}}, []row{{"id": 2}}
	a.rows["/2025/b%2Fc/x"], a.rows["/2026/b%2Fc/x"] = []row{{"id": 3}}, []row{}
	a.rows["/shops"] = []row{{"id": "a"}, {"id": "b/c"}, {"id": "a"}}
	g := newRig(t, a, `{"base_url": "https://api.test", "streams": [
		{"name": "shops", "path": "/shops", "schema": {"type": "object"}, "pagination": {"type": "none"}},
		{"name": "sales", "path": "/{value}/{parent.id}/x", "params": {"kind": "of {value}", "literal": "{x}"}, "parent": "shops", "values": [2025, "2026"],
		 "schema": {"type": "object"}, "pagination": {"type": "none"}}]}`)
	ids, errs := g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "sales", "1 2 3")
	if asked := strings.Join(g.asked, "\n"); !strings.Contains(asked, "/2025/a/x?kind=of%202025&literal=%7Bx%7D") || len(g.asked) != 5 {
		t.Errorf("asked for\n%s", asked)
	}
}

// TestWholeAddresses: a field of the parent may be an address.
func TestWholeAddresses(t *testing.T) {
	a := newTables()
	a.rows["/shops"] = []row{{"id": 1, "sales": map[string]any{"url": "https://api.test/x/1?kind=a"}}}
	a.rows["/x/1"] = []row{{"id": 7}}
	g := newRig(t, a, `{"base_url": "https://api.test", "streams": [
		{"name": "shops", "path": "/shops", "primary_key": ["id"], "schema": {"type": "object"}, "pagination": {"type": "none"}},
		{"name": "sales", "path": "{parent.sales.url}", "params": {"y": 1}, "parent": {"stream": "shops"}, "schema": {"type": "object"}, "pagination": {"type": "none"}}]}`)
	ids, errs := g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "sales", "7")
	if g.asked[1] != "/x/1?kind=a&y=1" {
		t.Errorf("asked for %s", g.asked)
	}
}

// TestFieldsOfTheParentWithDots finds a parent's field whose name has dots itself.
func TestFieldsOfTheParentWithDots(t *testing.T) {
	a := newTables()
	a.rows["/shops"] = []row{{"id": 1, "geo.code": "c", "geo.id": 9}}
	a.rows["/x/c"] = []row{{"id": 7}}
	g := newRig(t, a, `{"base_url": "https://api.test", "streams": [
		{"name": "shops", "path": "/shops", "primary_key": "geo.id", "schema": {"type": "object"}, "pagination": {"type": "none"}},
		{"name": "sales", "path": "/x/{parent.geo.code}", "parent": "shops", "include": {"shop": "geo.id"}, "schema": {"type": "object"}, "pagination": {"type": "none"}}]}`)
	ids, errs := g.read()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	g.want(ids, "sales", "7")
}

func TestParentWithoutTheField(t *testing.T) {
	for name, test := range map[string]struct{ parent, path, err, want string }{
		"no such field": {`"shops"`, "/x/{parent.key}", "parent stream shops: a record has no value at key", ""},
		"null":          {`"shops"`, "/x/{parent.code}", "a record has no value at code, which the requests of its children need; it has code, id", ""},
		"left out":      {`{"stream": "shops", "missing": "skip"}`, "/x/{parent.code}", "", "7"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newTables()
			a.rows["/shops"] = []row{{"id": 1, "code": "c"}, {"id": 2, "code": nil}, {"id": 3, "code": ""}}
			a.rows["/x/c"] = []row{{"id": 7}}
			g := newRig(t, a, `{"base_url": "https://api.test", "streams": [
				{"name": "shops", "path": "/shops", "primary_key": ["id"], "schema": {"type": "object"}, "pagination": {"type": "none"}},
				{"name": "sales", "path": "`+test.path+`", "parent": `+test.parent+`, "schema": {"type": "object"}, "pagination": {"type": "none"}}]}`)
			ids, errs := g.read()
			if err := errs["sales"]; (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
			if test.err == "" {
				g.want(ids, "sales", test.want)
			}
		})
	}
}

func TestMistakesOfParents(t *testing.T) {
	const shops = `{"name": "shops", "path": "/shops", "primary_key": ["id"]}`
	for name, test := range map[string]struct{ streams, err string }{
		"no such stream": {`{"name": "a", "path": "/{parent.id}", "parent": "shop"}`, `streams[1].parent is "shop", which is no stream: expected one of shops`},
		"itself":         {`{"name": "a", "path": "/{parent.id}", "parent": "a"}`, "streams[1].parent leads in a circle: a, whose parent is a"},
		"a circle":       {`{"name": "a", "path": "/{parent.id}", "parent": "b"}, {"name": "b", "path": "/{parent.id}", "parent": "a"}`, "a, whose parent is b, whose parent is a"},
		"nothing refers": {`{"name": "a", "path": "/x", "parent": "shops"}`, "the requests do not depend on it: write {parent.id}"},
		"no parent":      {`{"name": "a", "path": "/{parent.id}"}`, "path holds {parent.id}, but the stream has no parent"},
		"another stream": {`{"name": "a", "path": "/{other.id}", "parent": "shops"}`, "path holds {other.id}, expected {parent.other.id}"},
		"a bare name":    {`{"name": "a", "path": "/shops/{id}"}`, "path holds {id}, expected {parent.id} with parent: NAME"},
		"values unused":  {`{"name": "a", "path": "/x", "values": ["a"]}`, "values has no use: write {value}"},
		"odd values":     {`{"name": "a", "path": "/{value}", "values": [["a"]]}`, "values[0] is a list"},
		"include alone":  {`{"name": "a", "path": "/x", "include": {"a": "b"}}`, "include has no use without parent"},
		"changed_only":   {`{"name": "a", "path": "/{parent.id}", "parent": {"stream": "shops", "changed_only": true}}`, "needs a parent with a replication_key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, `{"base_url": "https://api.test", "streams": [`+shops+`, `+test.streams+`]}`))
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
		})
	}
}
