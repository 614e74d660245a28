package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// Limits of what a manifest may unfold to: nodes with all references followed, and members of components with all
// parameters handed down. The largest public manifests have 90 thousand and 9 thousand.
const (
	maxNodes    = 4_000_000
	maxUnfolded = 100_000
)

const (
	rootType      = "DeclarativeSource"
	refKey        = "$ref"
	refPrefix     = "#/"
	parametersKey = "$parameters"
	// overridesKey holds config values, among which a text that begins with "#/" is no reference.
	overridesKey = "config_overrides"
)

// document is what all nodes of a manifest share.
type document struct {
	file  string
	data  []byte // the text; nil when there is none
	root  *yaml11.Node
	notes []note // made ahead, not given out yet
	made  int    // nodes unfolded so far
	// overflow tells that members were left out because there would be too many.
	overflow bool
	// oddParameters tells that some $parameters are no map.
	oddParameters bool
	// filled tells that the nodes were made at run time. The language's schema has not seen them, so that values only have to be what
	// the reference runtime's models make something of.
	filled bool
}

func (d *document) problem(r *yaml11.Node, path, format string, args ...any) *Problem {
	return &Problem{File: d.file, Line: int(r.Line), Col: int(r.Col), Path: path, Msg: fmt.Sprintf(format, args...)}
}

// Resolve makes the node of a manifest's root that has its references followed, the types filled in that may be left
// out, and $parameters handed down, as the reference runtime does before it builds anything. All references are
// checked at once; the rest happens below the nodes that are asked for. root must be what Parse or FromValue gave.
//
// The reference runtime's manifest migrations (url_base and path to url, request_body_json to request_body) are left
// out on purpose: only its builder asks for them, its runner takes a manifest as it stands.
//
// A circular or missing reference, a root that is no map, and a manifest that would unfold to something enormous are
// Problems.
func Resolve(root *Node) (*Node, error) {
	d := &document{file: root.doc.file, data: root.doc.data}
	if root.Kind != Map {
		return nil, d.problem(root.raw, "", "expected a map as the manifest, found %s", root.raw.Describe())
	}
	r := textAt(root.raw, "")
	r.Become(Map, len(root.raw.Keys)+1)
	r.Keys, r.Values = append(r.Keys, root.raw.Keys...), append(r.Values, root.raw.Values...)
	if r.Get("type") == nil {
		r.Put(yaml11.Key{Name: "type", Line: r.Line, Col: r.Col}, textAt(r, rootType))
	}
	d.root = r
	c := &refChecker{doc: d}
	if err := c.check(); err != nil {
		return nil, err
	}
	return d.rootNode(r, component), nil
}

// refChecker follows every reference once and measures what the manifest unfolds to.
type refChecker struct {
	doc      *document
	problems Problems
	verbatim map[*yaml11.Node]measure // of nodes in which no text is a reference
}

// measure is how many nodes and levels a node unfolds to.
type measure struct{ size, depth int }

func (m *measure) add(child measure) {
	m.size = min(m.size+child.size, maxNodes+1)
	m.depth = max(m.depth, child.depth+1)
}

// leaf is the measure of a scalar.
func leaf() measure { return measure{size: 1, depth: 1} }

func (c *refChecker) fail(r *yaml11.Node, format string, args ...any) {
	const most = 100
	if len(c.problems) < most {
		c.problems = append(c.problems, c.doc.problem(r, pathOf(c.doc.root, r), format, args...))
	}
}

// check checks the whole document.
func (c *refChecker) check() error {
	m := c.visit(c.doc.root)
	switch {
	case len(c.problems) > 0:
	case m.size > maxNodes:
		c.fail(c.doc.root, "the manifest unfolds to more than %d nodes", maxNodes)
	case m.depth > yaml11.MaxDepth:
		c.fail(c.doc.root, "the manifest unfolds to more than %d levels", yaml11.MaxDepth)
	}
	return c.problems.Sorted().Err()
}

// visit checks and measures r; a node that several parents share is visited once.
func (c *refChecker) visit(r *yaml11.Node) measure {
	memo := c.doc.note(r)
	switch memo.visit {
	case visited:
		return measure{int(memo.size), int(memo.depth)}
	case open:
		c.fail(r, "circular reference")
		return leaf()
	}
	memo.visit = open
	m := leaf()
	switch r.Kind {
	case Scalar:
		if ref, ok := reference(r); ok {
			m = c.follow(r, ref)
		}
	case List:
		for _, v := range r.Values {
			m.add(c.child(v))
		}
	default:
		for i, v := range r.Values {
			if r.Keys[i].Name == parametersKey && v.Kind != Map {
				c.doc.oddParameters = true
			}
			if r.Keys[i].Name == overridesKey {
				c.doc.oddParameters = true // not looked for in there
				m.add(c.measure(v))
			} else {
				m.add(c.child(v))
			}
		}
		if len(r.Values) > 0 && r.Get(refKey) != nil {
			m.depth-- // what $ref means comes in the place of this map
		}
	}
	memo.visit, memo.size, memo.depth = visited, int32(m.size), int16(min(m.depth, yaml11.MaxDepth+1))
	return m
}

// child spares the plain scalars, which are most nodes, the visit.
func (c *refChecker) child(v *yaml11.Node) measure {
	if v.Kind == Scalar && !isReference(v) {
		return leaf()
	}
	return c.visit(v)
}

// measure measures r as it stands, following nothing.
func (c *refChecker) measure(r *yaml11.Node) measure {
	if m, ok := c.verbatim[r]; ok {
		return m
	}
	m := leaf()
	for _, v := range r.Values {
		m.add(c.measure(v))
	}
	if c.verbatim == nil {
		c.verbatim = map[*yaml11.Node]measure{}
	}
	c.verbatim[r] = m
	return m
}

func (c *refChecker) follow(r *yaml11.Node, ref string) measure {
	target, err := c.doc.lookup(ref)
	switch {
	case err != nil:
		c.fail(r, "%s", err.Error())
		return leaf()
	case c.doc.note(target).visit == open:
		c.fail(r, "circular reference %q", ref)
		return leaf()
	}
	return c.visit(target)
}

// pathOf finds the path by which r is reached from root first; "" when there is none.
func pathOf(root, r *yaml11.Node) string {
	seen := map[*yaml11.Node]bool{}
	var walk func(at *yaml11.Node, path string) (string, bool)
	walk = func(at *yaml11.Node, path string) (string, bool) {
		if at == r {
			return path, true
		}
		if seen[at] {
			return "", false
		}
		seen[at] = true
		for i, v := range at.Values {
			below := path + "[" + strconv.Itoa(i) + "]"
			if at.Kind == Map {
				below = join(path, at.Keys[i].Text())
			}
			if found, ok := walk(v, below); ok {
				return found, true
			}
		}
		return "", false
	}
	path, _ := walk(root, "")
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func isReference(r *yaml11.Node) bool { _, ok := reference(r); return ok }

// mayRefer tells whether something else may stand in the node's place: of a map whose $ref was not looked for yet too.
func mayRefer(r *yaml11.Node) bool { return r.Kind == Map || isReference(r) }

func reference(r *yaml11.Node) (string, bool) {
	s, ok := r.Text()
	return s, ok && strings.HasPrefix(s, refPrefix)
}

// resolve gives what stands in r's place once its own reference is followed; members are left for later. It must
// only be called after refChecker found no circle.
func (d *document) resolve(r *yaml11.Node) *yaml11.Node {
	if !mayRefer(r) {
		return r
	}
	memo := d.note(r)
	if memo.resolved != nil {
		return memo.resolved
	}
	out := r
	if ref, ok := reference(r); ok {
		if target, err := d.lookup(ref); err == nil {
			out = d.resolve(target)
		}
	} else if r.Kind == Map {
		if v := r.Get(refKey); v != nil {
			out = d.overlay(d.resolve(v), r)
		}
	}
	memo.resolved = out
	return out
}

// overlay puts the members beside a $ref over those of what it means. What is no map takes the whole place.
func (d *document) overlay(base, r *yaml11.Node) *yaml11.Node {
	if base.Kind != Map {
		return base
	}
	out := yaml11.New(r.Line, r.Col, nil)
	out.Become(Map, len(base.Keys)+len(r.Keys))
	out.Keys = append(out.Keys, base.Keys...)
	out.Values = append(out.Values, base.Values...)
	if len(r.Keys) == 1 {
		out.Line, out.Col = base.Line, base.Col
	}
	for i, k := range r.Keys {
		if k.IsOther || k.Name != refKey {
			out.Put(k, r.Values[i])
		}
	}
	d.note(out).resolved = out
	return out
}

// lookup finds what a reference "#/a/b" means. At each level the whole rest is tried as a key first, then its first
// part; a part that reads as a whole number is an index or a key that is a number, never text.
func (d *document) lookup(ref string) (*yaml11.Node, error) {
	rest, _, _ := strings.Cut(strings.TrimPrefix(ref, refPrefix), "\n")
	at := d.root
	for rest != "" {
		if at.Kind == Map {
			if v := at.Get(rest); v != nil {
				return v, nil
			}
		}
		var head string
		head, rest, _ = strings.Cut(rest, "/")
		next := step(at, head)
		if next == nil {
			return nil, fmt.Errorf("reference %q leads nowhere", ref)
		}
		at = next
	}
	return at, nil
}

// step goes down one part of a reference.
func step(at *yaml11.Node, part string) *yaml11.Node {
	number, isNumber := pythonInt(part)
	switch {
	case at.Kind == Map && !isNumber:
		return at.Get(part)
	case at.Kind == Map:
		for i, k := range at.Keys {
			if k.IsOther && value.Equal(k.Other, number) {
				return at.Values[i]
			}
		}
	case at.Kind == List && isNumber:
		if i := fromEnd(number, len(at.Values)); i >= 0 {
			return at.Values[i]
		}
	case isNumber:
		if s, ok := at.Text(); ok {
			chars := []rune(s)
			if i := fromEnd(number, len(chars)); i >= 0 {
				return textAt(at, string(chars[i]))
			}
		}
	}
	return nil
}

// fromEnd gives Python's index into a list of n elements, where -1 is the last one; -1 when there is no such element.
func fromEnd(index int64, n int) int {
	if index < 0 {
		index += int64(n)
	}
	if index < 0 || index >= int64(n) {
		return -1
	}
	return int(index)
}
