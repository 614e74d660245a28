package manifest

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/spelling"
	"anytap/internal/value"
)

// Validate reports as Problems all that the reference runtime's component schema refuses, in n and
// in every component below it that the table has. It builds nothing. A manifest is validated once,
// at its resolved root. n's type decides the definition; the root's is "DeclarativeSource".
func Validate(c *Compiler, n *Node) error {
	k := &checker{c: c, deep: true}
	k.start(n)
	return k.problems.Errors().Sorted().Err()
}

// Check is Validate with warnings: unknown fields, templates that can not be compiled and Custom
// components, all of which the reference runtime accepts or notices only at run time.
func Check(c *Compiler, n *Node) Problems {
	k := &checker{c: c, deep: true, thorough: true, compile: true}
	k.start(n)
	return k.problems.Sorted()
}

// checker compares nodes with definitions and their shapes.
type checker struct {
	c        *Compiler
	deep     bool // go down into child components
	thorough bool // collect warnings too
	compile  bool // try templates
	problems Problems
}

func (k *checker) start(n *Node) {
	k.sweep(n)
	defer func() {
		if n.doc.overflow {
			k.problems = nil // of members that are missing
			k.fail(n, "the manifest unfolds to more than %d members, with $ref followed and $parameters handed down", maxUnfolded)
		}
	}()
	if _, ok := k.c.Table[rootType]; ok && n.parent == nil && n.raw == n.doc.root {
		k.componentOf(n, []shape{{name: rootType}})
		return
	}
	name, err := k.c.entryName(n)
	if err != nil {
		k.problems = append(k.problems, AsProblems(placed(n, err))...)
		return
	}
	k.component(n, name)
}

// sweep looks for $parameters that are no map in all of the document: the reference runtime walks
// all components, even those in parts that no definition describes. When the check of references
// saw none, there is nothing to look for.
func (k *checker) sweep(n *Node) {
	if !n.doc.oddParameters || n.Kind == Scalar || n.mode == resolved {
		return
	}
	n.expand()
	if n.fault != "" {
		k.fail(n, "%s", n.fault)
	}
	for _, c := range n.children {
		k.sweep(c)
	}
}

func (k *checker) fail(n *Node, format string, args ...any) {
	k.problems = append(k.problems, n.problem(format, args...))
}

func (k *checker) warn(n *Node, format string, args ...any) {
	if k.thorough {
		p := n.problem(format, args...)
		p.Warning = true
		k.problems = append(k.problems, p)
	}
}

// component checks the fields of n by the definition of the entry name.
func (k *checker) component(n *Node, name string) {
	e, ok := k.c.Table[name]
	if !ok || e.Definition == nil {
		return
	}
	def, err := k.c.entryDefinition(e)
	if err != nil {
		k.fail(n, "%s", err.Error())
		return
	}
	k.fields(n, def, name, n)
}

// fields checks a component, or an object inside of one. owner is the component whose parameters
// templates see.
func (k *checker) fields(n *Node, def *definition, name string, owner *Node) {
	if n.Kind != Map {
		k.fail(n, "expected a %s, found %s", orWord(name, "map"), n.raw.Describe())
		return
	}
	if n.expand(); n.fault != "" && !n.doc.oddParameters {
		k.fail(n, "%s", n.fault)
	}
	for _, f := range def.fields {
		child := f.in(n)
		if child == nil {
			if f.required {
				k.fail(n, "%s needs the field %q (%s)", orWord(name, "the map"), f.name, expected(f.shapes))
			}
			continue
		}
		k.field(f, child, owner)
	}
	if len(def.needs) > 0 && !slices.ContainsFunc(def.needs, func(f string) bool { return n.Get(f) != nil }) {
		k.fail(n, "%s needs one of the fields %s", orWord(name, "the map"), strings.Join(def.needs, ", "))
	}
	k.unknown(n, def, name)
}

func orWord(name, other string) string {
	if name == "" {
		return other
	}
	return name
}

// unknown reports fields that the definition does not have.
func (k *checker) unknown(n *Node, def *definition, name string) {
	if def.closed || n.given != nil && n.given.others {
		n.fill()
	}
	for i, key := range n.keys {
		child := n.children[i]
		switch {
		case key.IsOther:
			if !k.deep || def.closed {
				k.fail(child, "the key %s is no text", value.Repr(key.Other))
			}
		case def.byName[key.Name] != nil || key.Name == "type" && !def.closed:
		case def.closed:
			k.fail(child, "%s", unknownField(key.Name, name, def))
		case !child.applied:
			k.warn(child, "%s", unknownField(key.Name, name, def))
		}
	}
	if def.closed && n.Parameters() != nil {
		k.fail(n, "%s takes no $parameters", orWord(name, "the map"))
	}
}

func unknownField(field, component string, def *definition) string {
	msg := fmt.Sprintf("%s has no field %q", orWord(component, "the map"), field)
	names := make([]string, 0, len(def.fields))
	for _, f := range def.fields {
		names = append(names, f.name)
	}
	if near := spelling.Nearest(field, names); near != "" {
		msg += fmt.Sprintf(", did you mean %q?", near)
	}
	return msg
}

// field checks one field's value.
func (k *checker) field(f *field, n, owner *Node) {
	before := len(k.problems)
	k.union(n, f.shapes, f)
	if len(k.problems) > before {
		return
	}
	k.limits(f, n)
	if f.inline != nil {
		for _, m := range inlineNodes(f, n) {
			if m.Kind == Map {
				k.fields(m, f.inline, "", owner)
			}
		}
	}
	if k.compile {
		k.templates(f, n, owner)
	}
}

func inlineNodes(f *field, n *Node) []*Node {
	if n.Kind == List {
		return n.Items()
	}
	return []*Node{n}
}

// union checks n against several shapes, one of which has to take it. When none does, the problems
// are those of the shape with the fewest.
func (k *checker) union(n *Node, shapes []shape, f *field) {
	fitting := fittingOf(shapes, n)
	components := 0
	for _, s := range fitting {
		if s.isComponent() {
			components++
		}
	}
	switch {
	case len(fitting) == 0:
		k.fail(n, "expected %s, found %s", expected(shapes), n.raw.Describe())
	case components == len(fitting):
		k.componentOf(n, fitting)
	case len(fitting) == 1:
		k.one(n, fitting[0], f)
	default:
		k.nearest(n, fitting, f)
	}
}

// fittingOf gives the shapes whose outer form n has. It copies them only when they do not stand
// side by side.
func fittingOf(shapes []shape, n *Node) []shape {
	first, last, count := 0, 0, 0
	for i, s := range shapes {
		if s.fits(n) {
			if count == 0 {
				first = i
			}
			last = i + 1
			count++
		}
	}
	if last-first == count {
		return shapes[first:last:last]
	}
	return slices.DeleteFunc(slices.Clone(shapes), func(s shape) bool { return !s.fits(n) })
}

func (k *checker) nearest(n *Node, shapes []shape, f *field) {
	var best Problems
	for i, s := range shapes {
		try := &checker{c: k.c, deep: k.deep, thorough: k.thorough, compile: k.compile}
		if s.isComponent() {
			try.componentOf(n, []shape{s})
		} else {
			try.one(n, s, f)
		}
		errs := len(try.problems.Errors())
		if i == 0 || errs < len(best.Errors()) {
			best = try.problems
		}
		if errs == 0 {
			break
		}
	}
	k.problems = append(k.problems, best...)
}

func (k *checker) one(n *Node, s shape, f *field) {
	switch {
	case s.list:
		for _, item := range n.Items() {
			k.union(item, s.of, f)
		}
	case s.dict:
		for _, m := range n.Members() {
			k.union(m, s.of, f)
		}
	case s.isComponent():
		k.componentOf(n, []shape{s})
	case len(f.enum) > 0 && n.Kind == Scalar:
		k.enum(f, n)
	}
}

func (k *checker) enum(f *field, n *Node) {
	text, ok := n.Text()
	if !ok && n.doc.generated { // a number stands for text, but for none of these
		text, ok = value.Str(n.raw.Value), true
	}
	if !ok || slices.Contains(f.enum, text) {
		return
	}
	msg := fmt.Sprintf("expected one of %s, found %s", strings.Join(f.enum, ", "), yaml11.Quote(text))
	if near := spelling.Nearest(text, f.enum); near != "" {
		msg += fmt.Sprintf(", did you mean %q?", near)
	}
	k.fail(n, "%s", msg)
}

// componentOf checks that n is one of the components, and with deep its fields too.
func (k *checker) componentOf(n *Node, shapes []shape) {
	typ := n.Type()
	like := k.c.Table[typ].Like
	for _, s := range shapes {
		switch {
		case like != "" && like == s.name:
			k.child(n, typ)
			return
		case k.takes(s.name, n, typ):
			k.child(n, s.name)
			return
		}
	}
	shapes = k.asWritten(shapes)
	switch {
	case n.Get("type") == nil:
		k.fail(n, "the component has no type; expected %s", expected(shapes))
	case typ == "":
		k.fail(n.Get("type"), "a type must be text, found %s", n.Get("type").raw.Describe())
	case k.known(typ):
		k.fail(n, "a %s can not stand here; expected %s", typ, expected(shapes))
	default:
		k.fail(n.Get("type"), "%s", k.c.unknownType(typ))
	}
}

// asWritten gives components the types that a manifest writes.
func (k *checker) asWritten(shapes []shape) []shape {
	out := slices.Clone(shapes)
	for i, s := range out {
		if e := k.c.Table[s.name]; e.Type != "" {
			out[i].name = e.Type
		}
	}
	return out
}

func (k *checker) known(typ string) bool {
	_, inTable := k.c.Table[typ]
	return inTable || slices.Contains(TypeNames, typ) || k.c.run.entries[typ] != ""
}

// takes tells whether n may be the component name.
func (k *checker) takes(name string, n *Node, typ string) bool {
	e, ok := k.c.Table[name]
	want := name
	if e.Type != "" {
		want = e.Type
	}
	if typ == want {
		return true
	}
	if !ok || e.Definition == nil {
		return false
	}
	def, err := k.c.entryDefinition(e)
	if err != nil {
		return false
	}
	return def.untyped || def.typeOptional && n.Get("type") == nil
}

func (k *checker) child(n *Node, name string) {
	if strings.HasPrefix(name, "Custom") {
		if _, ok := k.c.Table[name]; !ok {
			k.custom(n)
			return
		}
	}
	if k.deep {
		k.component(n, name)
	}
}

func (k *checker) custom(n *Node) {
	class := n.Get("class_name")
	switch {
	case class == nil:
		k.fail(n, "%s needs the field \"class_name\" (text)", n.Type())
	case !fitsText(class):
		k.fail(class, "expected text, found %s", class.raw.Describe())
	default:
		k.warn(n, "%s needs the Python class %s, which is not run", n.Type(), yaml11.Quote(class.raw.Value.(string)))
	}
}

func fitsText(n *Node) bool { return shape{name: "string"}.fits(n) }
