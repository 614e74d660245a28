package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"anytap/internal/value"
)

// Limits of what a manifest may unfold to: levels, nodes with all references followed, and members of components with
// all parameters handed down. The largest public manifests have 51, 90 thousand and 9 thousand.
const (
	maxDepth    = 250
	maxNodes    = 4_000_000
	maxUnfolded = 100_000
)

// Parse reads a YAML document the way PyYAML's SafeLoader does: YAML 1.1 scalars, merge keys, the last of equal keys
// wins, one document. References and parameters are not touched: see Resolve. The errors are Problems that name file.
func Parse(file string, data []byte) (*Node, error) {
	d := &document{file: file, data: data}
	if root := quickRead(data); root != nil {
		return d.rootNode(root, asIs), nil
	}
	root, err := d.read()
	if err != nil {
		return nil, err
	}
	return d.rootNode(root, asIs), nil
}

// read parses the document with the full parser.
func (d *document) read() (*raw, error) {
	data := d.data
	doc, err := decodeOne(d.file, data)
	for tries := 0; err != nil && tries < maxSlashes; tries++ {
		var again bool
		if data, again = spellSlash(data, err); !again {
			break
		}
		doc, err = decodeOne(d.file, data)
	}
	if err != nil {
		return nil, err
	}
	r := &yamlReader{doc: d, done: map[*yaml.Node]*raw{}, anchors: map[string]bool{}}
	root := r.read(doc, 0)
	if len(r.problems) > 0 {
		return nil, r.problems.Sorted()
	}
	return root, nil
}

// decodeOne parses a text that must hold one document.
func decodeOne(file string, data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(file, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, &Problem{File: file, Line: 1, Col: 1, Msg: "the manifest is empty"}
	}
	if err := dec.Decode(new(yaml.Node)); err == nil {
		return nil, &Problem{File: file, Line: 1, Col: 1, Msg: "the file holds several YAML documents, expected one"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(file, err)
	}
	return doc.Content[0], nil
}

// maxSlashes is the number of lines with an escaped slash that are put right.
const maxSlashes = 100

// spellSlash writes the escape "\/", which YAML has from JSON but the parser does not know, as "\x2f" on the line
// that the parser complains about.
func spellSlash(data []byte, err error) ([]byte, bool) {
	var p *Problem
	if !errors.As(err, &p) || !strings.Contains(p.Msg, "unknown escape") {
		return data, false
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i := max(0, p.Line-2); i <= p.Line && i < len(lines); i++ {
		if bytes.Contains(lines[i], []byte(`\/`)) {
			lines[i] = bytes.ReplaceAll(lines[i], []byte(`\/`), []byte(`\x2f`))
			return bytes.Join(lines, nil), true
		}
	}
	return data, false
}

// FromValue makes a manifest of a value that came inside a config (__injected_declarative_manifest); it has no lines.
func FromValue(file string, v any) *Node {
	d := &document{file: file}
	return d.rootNode(fromValue(v, nil), asIs)
}

// syntaxProblem turns "yaml: line 3: did not find …" into a problem with that line.
func syntaxProblem(file string, err error) *Problem {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	p := &Problem{File: file, Line: 1, Col: 1, Msg: msg}
	before, after, found := strings.Cut(msg, "line ")
	number, rest, colon := strings.Cut(after, ": ")
	if line, err := strconv.Atoi(number); found && colon && err == nil {
		p.Line, p.Msg = line, before+rest
	}
	return p
}

// yamlReader turns the parser's nodes into ours.
type yamlReader struct {
	doc      *document
	done     map[*yaml.Node]*raw // nodes with an anchor; nil while they are read
	anchors  map[string]bool
	problems Problems
}

func (y *yamlReader) fail(n *yaml.Node, format string, args ...any) {
	y.problems = append(y.problems, &Problem{File: y.doc.file, Line: n.Line, Col: n.Column, Msg: fmt.Sprintf(format, args...)})
}

func (y *yamlReader) read(n *yaml.Node, depth int) *raw {
	if n.Kind == yaml.AliasNode {
		r, seen := y.done[n.Alias]
		if seen && r == nil {
			y.fail(n, "the alias *%s stands inside of what it means", n.Value)
		}
		if r == nil {
			r = scalar(int32(n.Line), int32(n.Column), nil)
		}
		return r
	}
	r := scalar(int32(n.Line), int32(n.Column), nil)
	if depth > maxDepth {
		if depth == maxDepth+1 {
			y.fail(n, "the manifest is nested deeper than %d levels", maxDepth)
		}
		return r
	}
	if n.Anchor != "" {
		if y.anchors[n.Anchor] {
			y.fail(n, "the anchor &%s is defined twice", n.Anchor)
		}
		y.anchors[n.Anchor] = true
		y.done[n] = nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		y.readMap(r, n, depth)
	case yaml.SequenceNode:
		y.readList(r, n, depth)
	default:
		y.readScalar(r, n)
	}
	if n.Anchor != "" {
		y.done[n] = r
	}
	return r
}

func (y *yamlReader) readScalar(r *raw, n *yaml.Node) {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		r.style = doubleQuoted
	case n.Style&yaml.SingleQuotedStyle != 0:
		r.style = singleQuoted
	case n.Style&yaml.LiteralStyle != 0:
		r.style = literal
	case n.Style&yaml.FoldedStyle != 0:
		r.style = folded
	}
	var err error
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		r.value, err = resolveTagged(n.Tag, n.Value)
	case r.style == plain:
		r.value, err = resolvePlain(n.Value)
	default:
		r.value = n.Value
	}
	if err != nil {
		y.fail(n, "%s", err.Error())
	}
}

func (y *yamlReader) readList(r *raw, n *yaml.Node, depth int) {
	r.hold(List, len(n.Content))
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!seq" && n.Tag != "!" {
		y.fail(n, "the tag %s has no meaning here", n.Tag)
	}
	for _, item := range n.Content {
		r.vals = append(r.vals, y.read(item, depth+1))
	}
}

func (y *yamlReader) readMap(r *raw, n *yaml.Node, depth int) {
	r.hold(Map, len(n.Content)/2)
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!map" && n.Tag != "!" {
		y.fail(n, "the tag %s has no meaning here", n.Tag)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			y.merge(r, n.Content[i+1], depth)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		if k, ok := y.readKey(n.Content[i]); ok {
			r.put(k, y.read(n.Content[i+1], depth+1))
		}
	}
}

// put sets a member: a later one takes the place of an earlier one with an equal key.
func (r *raw) put(k key, v *raw) {
	if i := r.find(k); i >= 0 {
		r.vals[i] = v
		return
	}
	r.keys = append(r.keys, k)
	r.vals = append(r.vals, v)
	if r.index != nil && !k.isOther {
		r.index[k.name] = len(r.keys) - 1
	}
}

func (r *raw) find(k key) int {
	if k.isOther || len(r.keys) <= linearKeys {
		for i := range r.keys {
			if r.keys[i].equal(k) {
				return i
			}
		}
		return -1
	}
	r.get(k.name) // builds the index
	if i, ok := r.index[k.name]; ok {
		return i
	}
	return -1
}

func isMerge(k *yaml.Node) bool {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle | yaml.TaggedStyle
	return k.Kind == yaml.ScalarNode && (k.Value == mergeKey && k.Style&quoted == 0 || k.Style&yaml.TaggedStyle != 0 && k.Tag == "!!merge")
}

// merge puts the members of the map, or maps, that follow "<<" before the map's own; of several the first wins.
func (y *yamlReader) merge(r *raw, from *yaml.Node, depth int) {
	v := y.read(from, depth+1)
	maps := []*raw{v}
	if v.kind == List {
		maps = maps[:0]
		for i := len(v.vals) - 1; i >= 0; i-- {
			maps = append(maps, v.vals[i])
		}
	}
	for _, m := range maps {
		if m.kind != Map {
			y.fail(from, "<< needs a map or a list of maps, but a %s stands here", describe(m))
			return
		}
		for i, k := range m.keys {
			r.put(k, m.vals[i])
		}
	}
}

// readKey gives a key its value. A list or map can not be a key, as in Python.
func (y *yamlReader) readKey(n *yaml.Node) (key, bool) {
	k := key{line: int32(n.Line), col: int32(n.Column)}
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.Value == valueKey {
		k.name = n.Value
		return k, true
	}
	r := y.read(n, 0)
	if r.kind != Scalar {
		y.fail(n, "a %s can not be a key", r.kind)
		return k, false
	}
	if s, ok := r.value.(string); ok {
		k.name = s
		return k, true
	}
	k.other, k.isOther = r.value, true
	return k, true
}

// describe says what a node is, for messages.
func describe(r *raw) string {
	switch r.kind {
	case Map:
		return "map"
	case List:
		return "list"
	}
	return describeValue(r.value)
}

func describeValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "text " + strconv.Quote(clip(v))
	case bool, int64, float64:
		return fmt.Sprintf("%s %s", kindOf(v), value.Str(v))
	case *value.Dict:
		return "map"
	case *value.List:
		return "list"
	}
	return kindOf(v)
}

// clip keeps messages short: manifests hold texts of any length.
func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
