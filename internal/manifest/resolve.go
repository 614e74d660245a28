package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/value"
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
	file string
	data []byte // the text; nil when there is none
	root *raw
	made int // nodes unfolded so far
	// overflow tells that members were left out because there would be too many.
	overflow bool
	// oddParameters tells that some $parameters are no map.
	oddParameters bool
	// filled tells that the nodes were made at run time. The language's schema has not seen them, so that values only have to be what
	// the reference runtime's models make something of.
	filled bool
}

func (d *document) problem(r *raw, path, format string, args ...any) *Problem {
	return &Problem{File: d.file, Line: int(r.line), Col: int(r.col), Path: path, Msg: fmt.Sprintf(format, args...)}
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
		return nil, d.problem(root.raw, "", "expected a map as the manifest, found %s", describe(root.raw))
	}
	r := &raw{kind: Map, line: root.raw.line, col: root.raw.col, branch: &branch{keys: root.raw.keys, vals: root.raw.vals}}
	if r.get("type") == nil {
		r.keys = append(slices.Clip(r.keys), key{name: "type", line: r.line, col: r.col})
		r.vals = append(slices.Clip(r.vals), r.at(rootType))
		r.index = nil
	}
	d.root = r
	c := &refChecker{doc: d}
	if err := c.check(); err != nil {
		return nil, err
	}
	return d.rootNode(r, component), nil
}

// mark is the state of a node while references are checked.
type mark uint8

const (
	fresh mark = iota
	open       // being visited: to come here again is a circle
	checked
)

// refChecker follows every reference once and measures what the manifest unfolds to.
type refChecker struct {
	doc      *document
	problems Problems
	verbatim map[*raw]measure // of nodes in which no text is a reference
}

// measure is how many nodes and levels a node unfolds to.
type measure struct{ size, depth int }

func (m *measure) add(child measure) {
	m.size = min(m.size+child.size, maxNodes+1)
	m.depth = max(m.depth, child.depth+1)
}

// leaf is the measure of a scalar.
func leaf() measure { return measure{size: 1, depth: 1} }

func (c *refChecker) fail(r *raw, format string, args ...any) {
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
	case m.depth > maxDepth:
		c.fail(c.doc.root, "the manifest unfolds to more than %d levels", maxDepth)
	}
	return c.problems.Sorted().Err()
}

// visit checks and measures r; a node that several parents share is visited once.
func (c *refChecker) visit(r *raw) measure {
	switch {
	case r.mark == checked:
		return measure{int(r.size), int(r.depth)}
	case r.mark == open:
		c.fail(r, "circular reference")
		return leaf()
	}
	r.mark = open
	m := leaf()
	switch r.kind {
	case Scalar:
		if ref, ok := reference(r); ok {
			m = c.follow(r, ref)
		}
	case List:
		for _, v := range r.vals {
			m.add(c.child(v))
		}
	default:
		for i, v := range r.vals {
			if r.keys[i].name == parametersKey && v.kind != Map {
				c.doc.oddParameters = true
			}
			if r.keys[i].name == overridesKey {
				c.doc.oddParameters = true // not looked for in there
				m.add(c.measure(v))
			} else {
				m.add(c.child(v))
			}
		}
		if len(r.vals) > 0 && r.get(refKey) != nil {
			m.depth-- // what $ref means comes in the place of this map
		}
	}
	r.mark, r.size, r.depth = checked, int32(m.size), int32(min(m.depth, maxDepth+1))
	return m
}

// child spares the plain scalars, which are most nodes, the visit.
func (c *refChecker) child(v *raw) measure {
	if v.kind == Scalar && !isReference(v) {
		return leaf()
	}
	return c.visit(v)
}

// measure measures r as it stands, following nothing.
func (c *refChecker) measure(r *raw) measure {
	if m, ok := c.verbatim[r]; ok {
		return m
	}
	m := leaf()
	for _, v := range r.vals {
		m.add(c.measure(v))
	}
	if c.verbatim == nil {
		c.verbatim = map[*raw]measure{}
	}
	c.verbatim[r] = m
	return m
}

func (c *refChecker) follow(r *raw, ref string) measure {
	target, err := c.doc.lookup(ref)
	switch {
	case err != nil:
		c.fail(r, "%s", err.Error())
		return leaf()
	case target.mark == open:
		c.fail(r, "circular reference %q", ref)
		return leaf()
	}
	return c.visit(target)
}

// pathOf finds the path by which r is reached from root first; "" when there is none.
func pathOf(root, r *raw) string {
	seen := map[*raw]bool{}
	var walk func(at *raw, path string) (string, bool)
	walk = func(at *raw, path string) (string, bool) {
		if at == r {
			return path, true
		}
		if seen[at] {
			return "", false
		}
		seen[at] = true
		for i, v := range at.vals {
			below := path + "[" + strconv.Itoa(i) + "]"
			if at.kind == Map {
				below = join(path, at.keys[i].text())
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

func isReference(r *raw) bool { _, ok := reference(r); return ok }

func reference(r *raw) (string, bool) {
	s, ok := r.text()
	return s, ok && strings.HasPrefix(s, refPrefix)
}

// resolve gives what stands in r's place once its own reference is followed; members are left for later. It must
// only be called after refChecker found no circle.
func (d *document) resolve(r *raw) *raw {
	if r.resolved != nil {
		return r.resolved
	}
	out := r
	if ref, ok := reference(r); ok {
		if target, err := d.lookup(ref); err == nil {
			out = d.resolve(target)
		}
	} else if r.kind == Map {
		if v := r.get(refKey); v != nil {
			out = d.overlay(d.resolve(v), r)
		}
	}
	r.resolved = out
	return out
}

// overlay puts the members beside a $ref over those of what it means. What is no map takes the whole place.
func (d *document) overlay(base, r *raw) *raw {
	if base.kind != Map {
		return base
	}
	out := scalar(r.line, r.col, nil)
	out.hold(Map, len(base.keys)+len(r.keys))
	out.keys = append(out.keys, base.keys...)
	out.vals = append(out.vals, base.vals...)
	if len(r.keys) == 1 {
		out.line, out.col = base.line, base.col
	}
	for i, k := range r.keys {
		if k.isOther || k.name != refKey {
			out.put(k, r.vals[i])
		}
	}
	out.resolved = out
	return out
}

// lookup finds what a reference "#/a/b" means. At each level the whole rest is tried as a key first, then its first
// part; a part that reads as a whole number is an index or a key that is a number, never text.
func (d *document) lookup(ref string) (*raw, error) {
	rest, _, _ := strings.Cut(strings.TrimPrefix(ref, refPrefix), "\n")
	at := d.root
	for rest != "" {
		if at.kind == Map {
			if v := at.get(rest); v != nil {
				return v, nil
			}
		}
		var head string
		head, rest, _ = strings.Cut(rest, "/")
		next := at.step(head)
		if next == nil {
			return nil, fmt.Errorf("reference %q leads nowhere", ref)
		}
		at = next
	}
	return at, nil
}

// step goes down one part of a reference.
func (r *raw) step(head string) *raw {
	n, number := pythonInt(head)
	switch {
	case r.kind == Map && !number:
		return r.get(head)
	case r.kind == Map:
		for i, k := range r.keys {
			if k.isOther && value.Equal(k.other, int64(n)) {
				return r.vals[i]
			}
		}
	case r.kind == List && number:
		if n < 0 {
			n += len(r.vals)
		}
		if n >= 0 && n < len(r.vals) {
			return r.vals[n]
		}
	case number:
		if s, ok := r.text(); ok {
			chars := []rune(s)
			if n < 0 {
				n += len(chars)
			}
			if n >= 0 && n < len(chars) {
				return r.at(string(chars[n]))
			}
		}
	}
	return nil
}

// pythonInt reads a whole number as Python's int() does: with blanks around and single underscores between digits.
func pythonInt(s string) (int, bool) {
	s = strings.TrimSpace(s)
	u := unsigned(s)
	if u == "" || strings.HasPrefix(u, "_") || strings.HasSuffix(u, "_") || strings.Contains(u, "__") ||
		span(u, digitOrBar) != len(u) {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s, "_", ""))
	return n, err == nil
}
