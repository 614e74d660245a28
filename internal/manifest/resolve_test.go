package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/manifest/parity"
	"anytap/internal/value"
)

// mustResolve resolves a manifest that has to be in order.
func mustResolve(t testing.TB, text string) *Node {
	t.Helper()
	root, err := Parse("m.yaml", []byte(text))
	if err == nil {
		root, err = Resolve(root)
	}
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// TestResolve compares references, types and parameters with what the reference runtime makes of
// the same manifests (recorded with -update).
func TestResolve(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("testdata", "resolve", "*.yaml"))
	if golden.Updating() {
		parity.Ask(t, "resolve", files, func(file string, answer parity.Answer) {
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(answer); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(strings.TrimSuffix(file, ".yaml")+".json", out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			recorded, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			want := parity.ReadAnswer(t, recorded)
			root, err := resolveAll(file, data)
			if want.Error != "" {
				if err == nil {
					t.Fatalf("no error, the reference has %s", want.Error)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, want := parity.JSON(t, parity.Plain(root.Value())), parity.JSON(t, want.Value); got != want {
				t.Errorf("differs\n got %s\nwant %s", got, want)
			}
		})
	}
}

// resolveAll resolves every part of a manifest, those that no definition describes too.
func resolveAll(file string, data []byte) (*Node, error) {
	root, err := Parse(file, data)
	if err != nil {
		return nil, err
	}
	if root, err = Resolve(root); err != nil {
		return nil, err
	}
	k := &checker{}
	k.sweep(root)
	return root, k.problems.Err()
}

func TestResolveErrors(t *testing.T) {
	tests := map[string]struct{ yaml, want string }{
		"circle": {
			yaml: "a: '#/b'\nb:\n  c: '#/a'\n",
			want: `m.yaml:3:6: b.c: circular reference "#/a"`,
		},
		"several at once": {
			yaml: "a: '#/x/y'\nb:\n- '#/z'\n",
			want: "m.yaml:1:4: a: reference \"#/x/y\" leads nowhere\nm.yaml:3:3: b[0]: reference \"#/z\" leads nowhere",
		},
		"not a map": {yaml: "- 1\n", want: "m.yaml:1:1: expected a map as the manifest, found list"},
		"too many nodes": {
			yaml: "a: [1,1,1,1,1,1,1,1,1,1]\n" + bomb("b", "a") + bomb("c", "b") + bomb("d", "c") + bomb("e", "d") + bomb("f", "e") + bomb("g", "f") + bomb("h", "g"),
			want: "m.yaml:1:1: the manifest unfolds to more than 4000000 nodes",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := Parse("m.yaml", []byte(tt.yaml))
			if err == nil {
				_, err = Resolve(root)
			}
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func bomb(name, of string) string {
	return fmt.Sprintf("%s: [%s]\n", name, strings.TrimSuffix(strings.Repeat("'#/"+of+"', ", 10), ", "))
}

// TestAliasBomb holds that aliases of aliases stay shared until somebody unfolds them, and are
// refused then.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x]\n")
	for i := 1; i < 100; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	start := time.Now()
	root, err := Parse("m.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Resolve(root); err == nil || !strings.Contains(err.Error(), "unfolds to more than") {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// TestParameterBomb holds that parameters which are components, and so get each other, end.
func TestParameterBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: '1'\nstreams:\n- type: DeclarativeStream\n  $parameters:\n")
	for i := range 12 {
		fmt.Fprintf(&b, "    p%d: {type: T%d}\n", i, i)
	}
	root := mustResolve(t, b.String()+"    $parameters: 1\n")
	err := Validate(NewCompiler(testTable(), nil), root)
	if err == nil || !strings.Contains(err.Error(), "unfolds to more than 600000 members") {
		t.Errorf("error %v", err)
	}
}

// TestManyParametersAreShared holds that parameters cost what stands in the text, and not as much
// for each component that gets them.
func TestManyParametersAreShared(t *testing.T) {
	cost := func(parameters, streams int) float64 {
		var b strings.Builder
		b.WriteString("definitions:\n  p:\n")
		for i := range parameters {
			fmt.Fprintf(&b, "    p%d: x\n", i)
		}
		b.WriteString("streams:\n")
		for range streams {
			b.WriteString("  - {type: Stream, $parameters: {$ref: '#/definitions/p'}, retriever: {type: SimpleRetriever, a: {type: X, b: {type: X}}}}\n")
		}
		text := b.String()
		return testing.AllocsPerRun(1, func() {
			root := mustResolve(t, text)
			_ = Validate(NewCompiler(testTable(), nil), root)
			for _, s := range root.Get("streams").Items() {
				if v, _ := s.At("retriever", "a", "b", "p7").Text(); v != "x" {
					t.Fatalf("p7 is %q", v)
				}
			}
		})
	}
	few := cost(200, 200)
	if more := cost(400, 400); more > 3*few {
		t.Errorf("twice as many parameters and streams cost %.1f times as much, want about twice", more/few)
	}
}

// TestOverriddenNodesAreNotCounted holds that the limit is one of the result: what stands beside a
// $ref takes the place of what the $ref means.
func TestOverriddenNodesAreNotCounted(t *testing.T) {
	big := "[" + strings.Repeat("1,", 9_999) + "1]"
	var b strings.Builder
	fmt.Fprintf(&b, "base: {schema: %s, a: 1}\nall:\n", big)
	for range 500 {
		b.WriteString("  - {$ref: '#/base', schema: small}\n")
	}
	if root := mustResolve(t, b.String()); len(root.Get("all").Items()) != 500 {
		t.Error("elements are missing")
	}
}

func TestNode(t *testing.T) {
	root := mustResolve(t, `version: 1.0.0
definitions:
  requester:
    url: x
streams:
- type: DeclarativeStream
  name: a
  $parameters: {page: 5}
  retriever:
    type: SimpleRetriever
    requester: {$ref: '#/definitions/requester', 7: seven}
    rows: [[1, {b: 2}], null]
`)
	stream := root.At("streams", "0")
	requester := stream.At("retriever", "requester")
	if got := fmt.Sprint(requester.Path(), requester.Line, requester.Col, requester.Kind, requester.File(), requester.Type()); got != "streams[0].retriever.requester11 16 mapm.yamlHttpRequester" {
		t.Errorf("requester: %s", got)
	}
	url := requester.Get("url")
	if text, ok := url.Text(); url.Line != 4 || url.Col != 10 || text != "x" || !ok || url.Parent() != requester {
		t.Errorf("url: %v %q", url, text)
	}
	if got := strings.Join(requester.Keys(), " "); got != "url 7 type page" {
		t.Errorf("keys %q", got)
	}
	if got := value.Repr(requester.Parameters()); got != "{'page': 5}" {
		t.Errorf("parameters %s", got)
	}
	if got := stream.At("retriever", "rows", "0", "1", "b"); got.Path() != "streams[0].retriever.rows[0][1].b" || got.String() != "m.yaml:12:20: streams[0].retriever.rows[0][1].b" {
		t.Errorf("nested list: %s", got)
	}
	if !stream.At("retriever", "rows", "1").IsNull() || url.IsNull() || requester.Get("none").IsNull() {
		t.Error("null")
	}
	if root.At("streams", "5") != nil || root.At("version", "x") != nil || url.Items() != nil || url.Keys() != nil || url.Get("a") != nil {
		t.Error("a node where there is none")
	}
	count := 0
	for range requester.Members() {
		count++
	}
	if count != 4 || requester.Value() != requester.Value() {
		t.Error("members or value")
	}
}

func TestRebuild(t *testing.T) {
	root := mustResolve(t, `dynamic_streams:
- stream_template:
    type: DeclarativeStream
    name: template
    $parameters: {name: outer, path: /outer}
    retriever:
      $parameters: {path: /inner}
      requester: {url: x}
`)
	template := root.At("dynamic_streams", "0", "stream_template")
	v := template.Value().(*value.Dict).Clone()
	v.Set("name", "#/made")
	retriever, _ := value.At(v, "retriever")
	retriever.(*value.Dict).Set("added", "x")
	for useParent, want := range map[bool]string{false: "{'name': 'outer', 'path': '/inner'}", true: "{'name': 'outer', 'path': '/outer'}"} {
		made := template.Rebuild("streams[made]", v, useParent)
		if name, _ := made.Get("name").Text(); name != "#/made" {
			t.Errorf("name %q", name)
		}
		if got := value.Repr(made.Get("retriever").Parameters()); got != want {
			t.Errorf("useParent %v: parameters %s, want %s", useParent, got, want)
		}
		url := made.At("retriever", "requester", "url")
		if url.String() != "m.yaml:8:24: streams[made].retriever.requester.url" {
			t.Errorf("place %s", url)
		}
		if added := made.At("retriever", "added"); added.Line != 7 {
			t.Errorf("a new member stands at line %d", added.Line)
		}
	}
}

func TestWith(t *testing.T) {
	root := mustResolve(t, "a:\n  type: T\n  use_cache: null\n  b: {c: 1}\n")
	n := root.Get("a")
	on := n.With("use_cache", true).With("new", "x")
	if got := value.Repr(on.Value()); got != "{'type': 'T', 'use_cache': True, 'b': {'c': 1}, 'new': 'x'}" {
		t.Errorf("got %s", got)
	}
	if got := value.Repr(n.Value()); got != "{'type': 'T', 'use_cache': None, 'b': {'c': 1}}" {
		t.Errorf("the original became %s", got)
	}
	if c := on.Get("use_cache"); c.Line != 3 || c.Path() != "a.use_cache" {
		t.Errorf("place %s", c)
	}
}

func TestFromValue(t *testing.T) {
	v, err := value.DecodeString(`{"a": {"$ref": "#/b"}, "b": {"c": [1, {"d": 2.5}]}, "e": "#/nowhere"}`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Resolve(FromValue("config", v))
	if err == nil || err.Error() != `config: e: reference "#/nowhere" leads nowhere` {
		t.Errorf("error %v", err)
	}
	v.(*value.Dict).Delete("e")
	root, err := Resolve(FromValue("config", v))
	if err != nil {
		t.Fatal(err)
	}
	if got := value.Repr(root.Get("a").Value()); got != "{'c': [1, {'d': 2.5}]}" {
		t.Errorf("got %s", got)
	}
}
