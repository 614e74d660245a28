package manifest

import (
	"fmt"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// Resolve gives the root of the manifest as the reference runtime has it before it builds anything:
// references are followed, omitted types filled in and $parameters handed down. It checks all
// references at once. The rest happens below the nodes that are asked for. root must come from
// Parse or FromValue.
//
// A circular or missing reference, a root that is no map, and a manifest that would unfold to more
// than a runtime can hold are Problems.
//
// The reference runtime's manifest migrations (url_base and path to url, request_body_json to
// request_body) are left out on purpose: only its builder asks for them, its runner takes a
// manifest as it stands.
func Resolve(root *Node) (*Node, error) {
	n, problems, err := ResolveRest(root)
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// ResolveRest is Resolve for those who look for further problems behind references that lead
// nowhere, which are told and stay the texts that they are. n is nil where that is not possible.
func ResolveRest(root *Node) (n *Node, problems Problems, err error) {
	d := &document{file: root.doc.file, data: root.doc.data}
	if root.Kind != Map {
		return nil, nil, d.problem(root.raw, "", "expected a map as the manifest, found %s", root.raw.Describe())
	}
	r := textAt(root.raw, "")
	r.Become(Map, len(root.raw.Keys)+1)
	r.Keys, r.Values = append(r.Keys, root.raw.Keys...), append(r.Values, root.raw.Values...)
	if r.Get("type") == nil {
		r.Put(yaml11.Key{Name: "type", Line: r.Line, Col: r.Col}, textAt(r, rootType))
	}
	d.root = r
	c := &refChecker{doc: d}
	c.check()
	problems = c.problems.Sorted()
	if c.stuck {
		return nil, problems, nil
	}
	return d.rootNode(r, component), problems, nil
}

func isReference(r *yaml11.Node) bool { _, ok := reference(r); return ok }

// mayRefer tells whether something else may take the node's place. Of a map it says yes, whether it
// has a $ref or not.
func mayRefer(r *yaml11.Node) bool { return r.Kind == Map || isReference(r) }

// reference gives the text of a scalar that is a reference.
func reference(r *yaml11.Node) (string, bool) {
	s, ok := r.Text()
	return s, ok && strings.HasPrefix(s, refPrefix)
}

// resolve follows r's own reference, and gives r when it has none. It leaves r's members as they
// are. It ends only after refChecker found no circle.
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

// overlay gives the map that a $ref means with the members beside the $ref put over its own. When
// the $ref means something else than a map, these are lost.
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

// lookup finds what a reference "#/a/b" means. At each level it tries the whole rest as a key
// first, then the first part. A part that Python's int() takes is an index, or a key that is a
// number, but never a key that is text.
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

// fromEnd gives Python's index into a list of n elements, where -1 is the last one; -1 when there
// is no such element.
func fromEnd(index int64, n int) int {
	if index < 0 {
		index += int64(n)
	}
	if index < 0 || index >= int64(n) {
		return -1
	}
	return int(index)
}
