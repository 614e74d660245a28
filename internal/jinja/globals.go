package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// namespace is the result of namespace(): an object whose attributes templates can set.
type namespace struct {
	python.Truthy
	attrs *value.Dict
}

// TypeName is part of value.Object.
func (*namespace) TypeName() string { return "Namespace" }

// Repr is part of value.Object.
func (n *namespace) Repr() string { return "<Namespace " + value.Repr(n.attrs) + ">" }

// Str is part of value.Object.
func (n *namespace) Str() string { return n.Repr() }

func (n *namespace) Held() any { return n.attrs }

func (n *namespace) Attribute(name string) (any, bool, error) {
	v, ok := n.attrs.Get(name)
	return v, ok, nil
}

func newNamespace(th *python.Thread, a []any) (any, error) {
	d, err := python.NewDict(th, a)
	if err != nil {
		return nil, err
	}
	return &namespace{attrs: d.(*value.Dict)}, nil
}

// cycler is the result of cycler(): an object that gives its items in turn, over and over.
type cycler struct {
	python.Truthy
	items value.Tuple
	pos   int
}

// TypeName is part of value.Object.
func (*cycler) TypeName() string { return "Cycler" }

// Repr is part of value.Object.
func (c *cycler) Repr() string { return "<jinja2.utils.Cycler object at " + python.Address(c) + ">" }

// Str is part of value.Object.
func (c *cycler) Str() string { return c.Repr() }

func newCycler(_ *python.Thread, a []any) (any, error) {
	items := a[0].(value.Tuple)
	if len(items) == 0 {
		return nil, exception.New("RuntimeError", "at least one item has to be provided")
	}
	return &cycler{items: items}, nil
}

func (c *cycler) Attribute(name string) (any, bool, error) {
	switch name {
	case "current":
		return c.items[c.pos], true, nil
	case "pos":
		return int64(c.pos), true, nil
	case "items":
		return c.items, true, nil
	case "next", "reset":
		return python.Bind(cyclerMethods[name], c), true, nil
	}
	return nil, false, nil
}

// cyclerMethods are the methods of cycler.
var cyclerMethods = python.Table(
	python.Def("next", "self", func(_ *python.Thread, a []any) (any, error) {
		c := a[0].(*cycler)
		v := c.items[c.pos]
		c.pos = (c.pos + 1) % len(c.items)
		return v, nil
	}),
	python.Def("reset", "self", func(_ *python.Thread, a []any) (any, error) {
		a[0].(*cycler).pos = 0
		return nil, nil
	}),
)

// joiner is the result of joiner(). The first call returns an empty text, later calls return the
// separator.
type joiner struct {
	python.Truthy
	sep  any
	used bool
}

// TypeName is part of value.Object.
func (*joiner) TypeName() string { return "Joiner" }

// Repr is part of value.Object.
func (j *joiner) Repr() string { return "<jinja2.utils.Joiner object at " + python.Address(j) + ">" }

// Str is part of value.Object.
func (j *joiner) Str() string { return j.Repr() }

func newJoiner(_ *python.Thread, a []any) (any, error) { return &joiner{sep: a[0]}, nil }

func (j *joiner) Attribute(name string) (any, bool, error) {
	switch name {
	case "sep":
		return j.sep, true, nil
	case "used":
		return j.used, true, nil
	}
	return nil, false, nil
}

func (j *joiner) Call(_ *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	if len(pos) > 0 || len(kw) > 0 {
		return nil, exception.TypeErrorf("joiner takes no arguments")
	}
	if !j.used {
		j.used = true
		return "", nil
	}
	return j.sep, nil
}

// fillerWords are the words of lipsum.
const fillerWords = "a ac accumsan ad adipiscing aenean aliquam aliquet amet ante aptent arcu at auctor augue bibendum blandit congue consequat cras cum cursus dapibus diam dictum dignissim dolor donec dui duis egestas eget elementum elit enim erat eros est et etiam eu"

// maxFiller limits the paragraphs and words of lipsum.
const maxFiller = 10_000

// lipsum makes paragraphs of filler text.
func lipsum(th *python.Thread, a []any) (any, error) {
	n, ok1 := number.Index(a[0])
	low, ok2 := number.Index(a[2])
	high, ok3 := number.Index(a[3])
	if !ok1 || !ok2 || !ok3 {
		return nil, exception.TypeErrorf("lipsum takes integers")
	}
	if low >= high && n > 0 {
		return nil, exception.ValueErrorf("empty range for randrange()")
	}
	if n > maxFiller || high > maxFiller {
		return nil, python.Room(-1)
	}
	words := strings.Fields(fillerWords)
	var paragraphs []string
	for range n {
		if err := th.Step(high); err != nil {
			return nil, err
		}
		p := make([]string, max(low+randomIndex(th, high-low), 0))
		for i := range p {
			p[i] = words[randomIndex(th, len(words))]
		}
		s := strings.Join(p, " ") + "."
		paragraphs = append(paragraphs, strings.ToUpper(s[:1])+s[1:])
	}
	if !value.Truth(a[1]) {
		return strings.Join(paragraphs, "\n\n"), nil
	}
	for i, p := range paragraphs {
		paragraphs[i] = "<p>" + p + "</p>"
	}
	return pytext.Markup(strings.Join(paragraphs, "\n")), nil
}
