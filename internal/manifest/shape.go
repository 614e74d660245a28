package manifest

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"anytap/internal/value"
)

// shape is one form that a field's value may have. A field has a list of them, which are tried in
// order.
//
//	string | [string] | {string|QueryProperties} | HttpRequester|CustomRequester
//
// A word in lower case is a JSON type, a capitalized one a component. Brackets hold the shapes of a
// list's elements, braces those of a map's members.
type shape struct {
	name string // JSON type or component; "" for a list or map of given shapes
	list bool
	dict bool
	of   []shape
}

// parseShapes reads the notation above.
func parseShapes(s string) ([]shape, error) {
	p := &shapeParser{rest: s}
	out, err := p.union()
	if err == nil && p.rest != "" {
		err = fmt.Errorf("unexpected %q", p.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("shape %q: %w", s, err)
	}
	return out, nil
}

type shapeParser struct{ rest string }

func (p *shapeParser) union() ([]shape, error) {
	var out []shape
	for {
		s, err := p.one()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
		if !strings.HasPrefix(p.rest, "|") {
			return out, nil
		}
		p.rest = p.rest[1:]
	}
}

func (p *shapeParser) one() (shape, error) {
	if p.rest == "" {
		return shape{}, fmt.Errorf("a name is missing")
	}
	closing := map[byte]string{'[': "]", '{': "}"}[p.rest[0]]
	if closing == "" {
		n := strings.IndexAny(p.rest, "|]}")
		if n < 0 {
			n = len(p.rest)
		}
		if n == 0 {
			return shape{}, fmt.Errorf("a name is missing before %q", p.rest)
		}
		s := shape{name: p.rest[:n]}
		p.rest = p.rest[n:]
		if !s.isComponent() && !slices.Contains(jsonTypes, s.name) {
			return s, fmt.Errorf("%q is no JSON type", s.name)
		}
		return s, nil
	}
	s := shape{list: closing == "]", dict: closing == "}"}
	p.rest = p.rest[1:]
	var err error
	if s.of, err = p.union(); err != nil {
		return s, err
	}
	if !strings.HasPrefix(p.rest, closing) {
		return s, fmt.Errorf("%q is missing", closing)
	}
	p.rest = p.rest[1:]
	return s, nil
}

// jsonTypes are the words for plain values in a shape. "any" takes everything.
var jsonTypes = []string{"string", "integer", "number", "boolean", "object", "array", "null", "any"}

func (s shape) isComponent() bool { return s.name != "" && s.name[0] >= 'A' && s.name[0] <= 'Z' }

// fits tells whether n has the outer form of the shape. It does not look at members.
func (s shape) fits(n *Node) bool {
	switch {
	case s.list:
		return n.Kind == List
	case s.dict || s.isComponent():
		return n.Kind == Map
	}
	switch s.name {
	case "any":
		return true
	case "object":
		return n.Kind == Map
	case "array":
		return n.Kind == List
	}
	switch {
	case n.Kind != Scalar:
		return false
	case fitsScalar(s.name, n.raw.Value):
		return true
	case !n.doc.generated:
		return false
	}
	_, ok := s.coerce(n.raw.Value)
	return ok
}

// fitsScalar follows JSON schema draft 7: 1.0 is an integer, a boolean is no number.
func fitsScalar(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case int64, *big.Int:
		return name == "integer" || name == "number"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v) && !math.IsInf(v, 0)
	}
	return false
}

var shapeWords = map[string]string{
	"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
	"object": "a map", "array": "a list", "null": "null", "any": "anything",
}

func (s shape) String() string {
	switch {
	case s.list:
		return "a list of " + inner(s.of)
	case s.dict:
		return "a map of " + inner(s.of)
	case s.isComponent():
		return s.name
	}
	return shapeWords[s.name]
}

// inner is expected without the article: "text", "whole numbers".
func inner(shapes []shape) string {
	words := expected(shapes)
	if rest, ok := strings.CutPrefix(words, "a "); ok && len(shapes) == 1 {
		return rest + "s"
	}
	return words
}

// expected says what may stand somewhere: "text, a list of text or DpathExtractor".
func expected(shapes []shape) string {
	words := make([]string, len(shapes))
	for i, s := range shapes {
		words[i] = s.String()
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// coerce makes of a scalar what the first shape that takes it makes of it, as the reference
// runtime's models do: where text comes first a number becomes text, and where numbers come first
// text that reads as a number becomes one.
func coerce(v any, shapes []shape) any {
	for _, s := range shapes {
		if got, ok := s.coerce(v); ok {
			return got
		}
	}
	return v
}

// coerce is what the reference runtime's models make of v where they want the shape.
func (s shape) coerce(v any) (got any, ok bool) {
	switch s.name {
	case "string":
		switch v.(type) {
		case string:
			return v, true
		case int64, float64, *big.Int, bool:
			return value.Str(v), true
		}
	case "boolean":
		return asBool(v)
	case "integer":
		return asInt(v)
	case "number":
		return asFloat(v)
	case "any":
		return v, true
	}
	return nil, false
}
