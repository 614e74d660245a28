package manifest

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// Member is one named node of a map whose names the manifest chooses.
type Member struct {
	Name string
	Node *Node
}

// Decode reads n's fields into the definition struct that def points to, by the tags that the
// package comment lists. It reports all that is wrong with the component's own fields as Problems.
// Of child components it only checks the type.
//
// A template that can not be compiled is a warning, and fails when it is first used, as in the
// reference runtime. With c.Strict it is an error.
func Decode(c *Compiler, n *Node, def any) error {
	v := reflect.ValueOf(def)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decode a definition: expected a pointer to a struct, got %T", def)
	}
	fields, err := c.definitionOf(v.Elem().Type())
	if err != nil {
		return err
	}
	k := &checker{c: c, thorough: true}
	name := n.Type()
	k.fields(n, fields, name, n)
	d := &decoder{c: c, owner: n}
	if errs := k.problems.Errors(); len(errs) > 0 {
		return errs.Sorted()
	}
	for _, w := range k.problems {
		c.warn(w)
	}
	d.fill(n, fields, v.Elem())
	return d.problems.Sorted().Err()
}

// decoder fills a definition struct from nodes that checker has passed.
type decoder struct {
	c        *Compiler
	owner    *Node
	problems Problems
}

func (d *decoder) fail(n *Node, format string, args ...any) {
	d.problems = append(d.problems, n.problem(format, args...))
}

func (d *decoder) fill(n *Node, def *definition, v reflect.Value) {
	for _, f := range def.fields {
		at := v.FieldByIndex(f.index)
		child := f.in(n)
		if child == nil {
			if f.hasDefault {
				_ = f.setDefault(at) // newField has tried it
			}
			continue
		}
		d.set(f, child, at)
	}
}

// set gives v what n holds.
func (d *decoder) set(f *field, n *Node, v reflect.Value) {
	switch v.Type() {
	case reflect.TypeFor[*Node]():
		v.Set(reflect.ValueOf(n))
		return
	case reflect.TypeFor[[]Member]():
		for name, m := range n.Members() {
			v.Set(reflect.Append(v, reflect.ValueOf(Member{name, m})))
		}
		return
	case reflect.TypeFor[*value.Dict](), reflect.TypeFor[*value.List]():
		if got := reflect.ValueOf(n.Value()); got.IsValid() && got.Type() == v.Type() {
			v.Set(got)
			return
		}
		d.fail(n, "expected %s, found %s", expected(f.shapes), n.raw.Describe())
		return
	}
	if isTemplate(v.Type()) && v.Kind() == reflect.Pointer {
		d.setTemplate(n, v)
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if got := coerce(n.Value(), f.shapes); got != nil {
			v.Set(reflect.ValueOf(got))
		}
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.set(f, n, p.Elem())
		v.Set(p)
	case reflect.Slice:
		d.setSlice(f, n, v)
	case reflect.Struct:
		if f.inline != nil && n.Kind == Map {
			d.fill(n, f.inline, v)
		}
	default:
		d.setScalar(n, v)
	}
}

// setSlice takes a list, or one element where the tag says "single".
func (d *decoder) setSlice(f *field, n *Node, v reflect.Value) {
	items := []*Node{n}
	if n.Kind == List {
		items = n.Items()
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		d.set(f, item, out.Index(i))
	}
	v.Set(out)
}

func (d *decoder) setScalar(n *Node, v reflect.Value) {
	ok := n.Kind == Scalar
	switch v.Kind() {
	case reflect.String:
		v.SetString(value.Str(n.raw.Value))
	case reflect.Bool:
		var b bool
		if b, ok = asBool(n.raw.Value); ok {
			v.SetBool(b)
		}
	case reflect.Int, reflect.Int64:
		var i int64
		if i, ok = asInt(n.raw.Value); ok {
			v.SetInt(i)
		}
	case reflect.Float64:
		var f float64
		if f, ok = asFloat(n.raw.Value); ok {
			v.SetFloat(f)
		}
	}
	if !ok {
		d.fail(n, "the value %s does not fit here", n.raw.Describe())
	}
}

// asBool gives a boolean, or what the reference runtime's models make one of: a text or a number.
func asBool(v any) (b, ok bool) {
	switch strings.ToLower(value.Str(v)) {
	case "true", "1", "on", "t", "y", "yes":
		return true, true
	case "false", "0", "off", "f", "n", "no":
		return false, true
	}
	return false, false
}

// asInt is what the models make an integer of: int() of a whole number or of text that is one.
func asInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		if math.Abs(v) < 1<<63 {
			return int64(v), true
		}
	case string:
		return pythonInt(v)
	}
	return 0, false
}

// pythonInt is Python's int() of a text, within 64 bits.
func pythonInt(s string) (int64, bool) {
	if s != "" && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z' {
		return 0, false // nearly all parts of references are names, for which TextInt would allocate
	}
	v, _ := number.TextInt(s)
	n, ok := v.(int64)
	return n, ok
}

// asFloat is what the models make a number of: float() of a number or of text that is one.
func asFloat(v any) (float64, bool) {
	if f, ok := asNumber(v); ok {
		return f, ok
	}
	s, ok := v.(string)
	if !ok {
		return 0, false
	}
	return number.TextFloat(s)
}

func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, true
	}
	return 0, false
}

// templateTypes are the compiled forms that a field may have.
var templateTypes = map[reflect.Type]bool{
	reflect.TypeFor[*jinja.String]():  true,
	reflect.TypeFor[*jinja.Bool]():    true,
	reflect.TypeFor[*jinja.Mapping](): true,
	reflect.TypeFor[*jinja.Nested]():  true,
}

// isTemplate tells whether t is a template or lists of them.
func isTemplate(t reflect.Type) bool {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return templateTypes[t]
}

// setTemplate compiles a template with the parameters of the component it belongs to.
func (d *decoder) setTemplate(n *Node, v reflect.Value) {
	params := d.owner.Parameters()
	var (
		t   any
		err error
	)
	switch v.Type() {
	case reflect.TypeFor[*jinja.String]():
		t, err = jinja.CompileString(value.Str(n.raw.Value), params)
	case reflect.TypeFor[*jinja.Bool]():
		t, err = jinja.CompileBool(value.Str(n.raw.Value), params)
	case reflect.TypeFor[*jinja.Mapping]():
		m, ok := n.Value().(*value.Dict)
		if !ok {
			d.fail(n, "expected a map, found %s", n.raw.Describe())
			return
		}
		t, err = jinja.CompileMapping(m, params)
	default:
		t, err = jinja.CompileNested(n.Value(), params)
	}
	if err == nil {
		v.Set(reflect.ValueOf(t))
		return
	}
	broken := reflect.ValueOf(t)
	if d.c.Strict || broken.IsNil() {
		d.problems = append(d.problems, templateProblem(n, err))
		return
	}
	d.c.warn(templateProblem(n, err))
	v.Set(broken)
}

// templateProblem makes a problem of a template's mistake, with its place in the file as far as it
// is known.
func templateProblem(n *Node, err error) *Problem {
	p := n.problem("template: %s", err.Error())
	p.Warning = true
	var syntax *jinja.SyntaxError
	if !errors.As(err, &syntax) {
		return p
	}
	p.Msg = "template: " + syntax.Msg
	if n.Kind == Scalar {
		p.Line, p.Col = n.raw.Position(n.doc.data, syntax.Offset)
	}
	return p
}
