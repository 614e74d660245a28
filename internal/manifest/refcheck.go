package manifest

import (
	"strconv"

	"anytap/internal/manifest/yaml11"
)

// refChecker follows every reference once, and measures what the manifest unfolds to.
type refChecker struct {
	doc      *document
	problems Problems
	stuck    bool                     // there are circles, or the manifest unfolds to too much
	verbatim map[*yaml11.Node]measure // of nodes whose texts are no references
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
func (c *refChecker) check() {
	m := c.visit(c.doc.root)
	broken := len(c.problems) > 0
	if m.size > maxNodes || m.depth > yaml11.MaxDepth {
		c.stuck = true
	}
	switch {
	case broken:
	case m.size > maxNodes:
		c.fail(c.doc.root, "the manifest unfolds to more than %d nodes", maxNodes)
	case m.depth > yaml11.MaxDepth:
		c.fail(c.doc.root, "the manifest unfolds to more than %d levels", yaml11.MaxDepth)
	}
}

// visit checks and measures r, once for all of its parents.
func (c *refChecker) visit(r *yaml11.Node) measure {
	memo := c.doc.note(r)
	switch memo.visit {
	case visited:
		return measure{int(memo.size), int(memo.depth)}
	case open:
		c.stuck = true
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
				c.doc.oddParameters = true // there may be some in there: nothing in there is visited
				m.add(c.measure(v))
			} else {
				m.add(c.child(v))
			}
		}
		if r.Get(refKey) != nil && len(c.problems) == 0 {
			m = c.unfolded(c.doc.resolve(r))
		}
	}
	memo.visit, memo.size, memo.depth = visited, int32(m.size), int16(min(m.depth, yaml11.MaxDepth+1))
	return m
}

// unfolded measures what a map with a $ref becomes. All that it is made of was visited.
func (c *refChecker) unfolded(r *yaml11.Node) measure {
	m := leaf()
	for i, v := range r.Values {
		if r.Kind == Map && r.Keys[i].Name == overridesKey {
			m.add(c.measure(v))
		} else {
			m.add(c.child(v))
		}
	}
	return m
}

// child is visit, with a short cut for plain scalars, which are most nodes.
func (c *refChecker) child(v *yaml11.Node) measure {
	if v.Kind == Scalar && !isReference(v) {
		return leaf()
	}
	return c.visit(v)
}

// measure measures r without following references.
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

// follow visits what the reference r means.
func (c *refChecker) follow(r *yaml11.Node, ref string) measure {
	target, err := c.doc.lookup(ref)
	switch {
	case err != nil:
		c.fail(r, "%s", err.Error())
		return leaf()
	case c.doc.note(target).visit == open:
		c.stuck = true
		c.fail(r, "circular reference %q", ref)
		return leaf()
	}
	return c.visit(target)
}

// pathOf gives the first path from root to r; "" when there is none.
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
