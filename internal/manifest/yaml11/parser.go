package yaml11

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readAll reads any document with the parser of go.yaml.in/yaml/v3.
func readAll(data []byte) (*Node, error) { return readWith(data, false) }

// readWith is readAll. With core it reads scalars and keys as ReadCore does.
func readWith(data []byte, core bool) (*Node, error) {
	doc, err := decodeOne(data)
	for tries := 0; err != nil && tries < maxSlashes; tries++ {
		var again bool
		if data, again = spellSlash(data, err); !again {
			break
		}
		doc, err = decodeOne(data)
	}
	if err != nil {
		return nil, Errors{err}
	}
	c := &converter{done: map[*yaml.Node]*Node{}, anchors: map[string]bool{}, core: core}
	root := c.node(doc, 0)
	if len(c.errors) > 0 {
		return nil, c.errors
	}
	return root, nil
}

// decodeOne parses a text that must hold one document, and gives its root.
func decodeOne(data []byte) (*yaml.Node, *Error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, syntaxError(data, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, &Error{Line: 1, Col: 1, Msg: "the manifest is empty"}
	}
	if err := dec.Decode(new(yaml.Node)); err == nil {
		return nil, &Error{Line: 1, Col: 1, Msg: "the file holds several YAML documents, expected one"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(data, err)
	}
	return doc.Content[0], nil
}

// maxSlashes is the number of lines on which escaped slashes are replaced.
const maxSlashes = 100

// spellSlash replaces the escape "\/" by "\x2f" on the line of which the parser says that it has an
// unknown escape. YAML takes "\/" from JSON, but the parser does not know it.
func spellSlash(data []byte, err *Error) ([]byte, bool) {
	if !strings.Contains(err.Msg, "unknown escape") {
		return data, false
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i := max(0, err.Line-2); i <= err.Line && i < len(lines); i++ {
		if bytes.Contains(lines[i], []byte(`\/`)) {
			lines[i] = bytes.ReplaceAll(lines[i], []byte(`\/`), []byte(`\x2f`))
			return bytes.Join(lines, nil), true
		}
	}
	return data, false
}

// syntaxError takes the line out of the parser's "yaml: line 3: did not find …".
func syntaxError(data []byte, err error) *Error {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	p := &Error{Line: 1, Col: 1, Msg: msg}
	before, after, found := strings.Cut(msg, "line ")
	number, rest, colon := strings.Cut(after, ": ")
	if line, err := strconv.Atoi(number); found && colon && err == nil {
		p.Line, p.Msg = line, before+rest
		if strings.HasPrefix(p.Msg, "did not find expected") {
			lines := 1 + bytes.Count(bytes.TrimRight(data, "\r\n"), []byte("\n"))
			p.Line = min(p.Line+1, lines) // the parser counts from 0 in these
		}
	}
	return p
}

// converter turns the parser's nodes into ours.
type converter struct {
	done    map[*yaml.Node]*Node // what nodes with an anchor became; nil while one is being read
	anchors map[string]bool      // the names seen so far
	errors  Errors
	core    bool // see ReadCore
}

func (c *converter) fail(n *yaml.Node, format string, args ...any) {
	c.errors = append(c.errors, &Error{Line: n.Line, Col: n.Column, Msg: fmt.Sprintf(format, args...)})
}

func (c *converter) node(n *yaml.Node, depth int) *Node {
	if n.Kind == yaml.AliasNode {
		r, seen := c.done[n.Alias]
		if seen && r == nil {
			c.fail(n, "the alias *%s stands inside of what it means", n.Value)
		}
		if r == nil {
			r = New(int32(n.Line), int32(n.Column), nil)
		}
		return r
	}
	r := New(int32(n.Line), int32(n.Column), nil)
	if depth > MaxDepth {
		if depth == MaxDepth+1 {
			c.fail(n, "the manifest is nested deeper than %d levels", MaxDepth)
		}
		return r
	}
	if n.Anchor != "" {
		if c.anchors[n.Anchor] {
			c.fail(n, "the anchor &%s is defined twice", n.Anchor)
		}
		c.anchors[n.Anchor] = true
		c.done[n] = nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		c.mapping(r, n, depth)
	case yaml.SequenceNode:
		c.list(r, n, depth)
	default:
		c.scalar(r, n)
	}
	if n.Anchor != "" {
		c.done[n] = r
	}
	return r
}

func (c *converter) scalar(r *Node, n *yaml.Node) {
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
		r.Value, err = resolveTagged(n.Tag, n.Value)
	case r.style == plain:
		r.Value, err = c.resolve(n.Value)
	default:
		r.Value = n.Value
	}
	if err != nil {
		c.fail(n, "%s", err.Error())
	}
}

// resolve gives the value of an unquoted scalar.
func (c *converter) resolve(s string) (any, error) {
	if c.core {
		return resolveCore(s)
	}
	return resolvePlain(s)
}

func (c *converter) list(r *Node, n *yaml.Node, depth int) {
	r.Become(List, len(n.Content))
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!seq" && n.Tag != "!" {
		c.fail(n, "the tag %s has no meaning here", n.Tag)
	}
	for _, item := range n.Content {
		r.Values = append(r.Values, c.node(item, depth+1))
	}
}

func (c *converter) mapping(r *Node, n *yaml.Node, depth int) {
	r.Become(Map, len(n.Content)/2)
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!map" && n.Tag != "!" {
		c.fail(n, "the tag %s has no meaning here", n.Tag)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			c.merge(r, n.Content[i+1], depth)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		if k, ok := c.key(n.Content[i]); ok {
			if c.core && n.Content[i].Kind == yaml.ScalarNode && keyAlready(n.Content[:i], k.Name) {
				c.fail(n.Content[i], "%q stands a second time in its map", k.Name)
			}
			r.Put(k, c.node(n.Content[i+1], depth+1))
		}
	}
}

// isMerge tells whether a key is "<<", which merges other maps into its own.
func isMerge(k *yaml.Node) bool {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle | yaml.TaggedStyle
	return k.Kind == yaml.ScalarNode && (k.Value == mergeKey && k.Style&quoted == 0 || k.Style&yaml.TaggedStyle != 0 && k.Tag == "!!merge")
}

// merge puts the members of the map or list of maps behind "<<" into r. Of several maps the first
// wins.
func (c *converter) merge(r *Node, from *yaml.Node, depth int) {
	v := c.node(from, depth+1)
	maps := []*Node{v}
	if v.Kind == List {
		maps = maps[:0]
		for i := len(v.Values) - 1; i >= 0; i-- {
			maps = append(maps, v.Values[i])
		}
	}
	for _, m := range maps {
		if m.Kind != Map {
			c.fail(from, "<< needs a map or a list of maps, but a %s stands here", m.Describe())
			return
		}
		for i, k := range m.Keys {
			r.Put(k, m.Values[i])
		}
	}
}

// key reads a map's key. As in Python, it can not be a list or map.
func (c *converter) key(n *yaml.Node) (Key, bool) {
	k := Key{Line: int32(n.Line), Col: int32(n.Column)}
	if n.Kind == yaml.ScalarNode && (c.core || n.Style == 0 && n.Value == valueKey) {
		k.Name = n.Value
		return k, true
	}
	r := c.node(n, 0)
	if r.Kind != Scalar {
		c.fail(n, "a %s can not be a key", r.Kind)
		return k, false
	}
	if s, ok := r.Value.(string); ok {
		k.Name = s
		return k, true
	}
	k.Other, k.IsOther = r.Value, true
	return k, true
}
