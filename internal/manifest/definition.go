package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// Field says what a manifest may hold in one field of a component. It serves documents and tests.
type Field struct {
	Name     string
	Shapes   string // as in the tag's "is": "string|[string]", "HttpRequester|CustomRequester"
	Required bool
	Default  string // as written in the tag; "" when there is none
	Enum     []string
	Doc      string // the struct tag "doc"
}

// Describe lists the fields of a definition in the order of its struct. It panics on a wrong tag,
// which a test of the table finds.
func Describe(def any) []Field {
	t := reflect.TypeOf(def)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	d, err := newDefinition(t)
	if err != nil {
		panic(err)
	}
	out := make([]Field, 0, len(d.fields))
	for _, f := range d.fields {
		out = append(out, Field{Name: f.name, Shapes: f.notation, Required: f.required, Default: f.defaultText, Enum: f.enum, Doc: f.doc})
	}
	return out
}

// definition is what the tags of a definition struct say.
type definition struct {
	fields       []*field
	byName       map[string]*field
	untyped      bool     // the component has no type
	typeOptional bool     // the type may be left out
	closed       bool     // an unknown field is an error
	needs        []string // one of these fields has to be there
}

// field is what the tag of one field says.
type field struct {
	name        string
	index       []int
	typ         reflect.Type
	notation    string
	shapes      []shape
	required    bool
	single      bool
	hasDefault  bool
	defaultText string
	enum        []string
	minItems    int
	unique      bool
	min, above  *float64
	inline      *definition // of a field that is a struct, a pointer to one, or a list of them
	doc         string
}

// in gives the field's value in n; nil when there is none. In a generated node, null is no value of
// an optional field that does not take null.
func (f *field) in(n *Node) *Node {
	child := n.Get(f.name)
	if child.IsNull() && n.doc.generated && !f.required && len(fittingOf(f.shapes, child)) == 0 {
		return nil
	}
	return child
}

// goShapes gives the shapes that a Go type takes when the tag does not say it.
var goShapes = map[reflect.Type]string{
	reflect.TypeFor[*Node]():          "any",
	reflect.TypeFor[[]Member]():       "{any}",
	reflect.TypeFor[any]():            "any",
	reflect.TypeFor[*value.Dict]():    "object",
	reflect.TypeFor[*value.List]():    "array",
	reflect.TypeFor[*jinja.String]():  "string",
	reflect.TypeFor[*jinja.Bool]():    "string",
	reflect.TypeFor[*jinja.Mapping](): "object",
	reflect.TypeFor[*jinja.Nested]():  "any",
}

func newDefinition(t reflect.Type) (*definition, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("definition %s is no struct", t)
	}
	d := &definition{byName: map[string]*field{}}
	if err := d.addFields(t, nil); err != nil {
		return nil, fmt.Errorf("definition %s: %w", t, err)
	}
	return d, nil
}

func (d *definition) addFields(t reflect.Type, index []int) error {
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(append([]int{}, index...), i)
		tag, tagged := sf.Tag.Lookup("manifest")
		switch {
		case !tagged && strings.Contains(string(sf.Tag), "manifest:"):
			return fmt.Errorf("field %s: malformed tag", sf.Name)
		case sf.Anonymous && !tagged && sf.Type.Kind() == reflect.Struct:
			if err := d.addFields(sf.Type, at); err != nil {
				return err
			}
			continue
		case !tagged || tag == "-":
			continue
		case sf.Name == "_":
			if err := d.option(tag); err != nil {
				return err
			}
			continue
		case !sf.IsExported():
			return fmt.Errorf("field %s has a tag but is not exported", sf.Name)
		}
		f, err := newField(sf, tag)
		if err != nil {
			return fmt.Errorf("field %s: %w", sf.Name, err)
		}
		f.index = at
		d.fields = append(d.fields, f)
		d.byName[f.name] = f
	}
	return nil
}

// option reads the tag of a blank field, which is about the whole component.
func (d *definition) option(tag string) error {
	for opt := range strings.SplitSeq(strings.TrimPrefix(tag, ","), ",") {
		name, arg, _ := strings.Cut(opt, "=")
		switch name {
		case "untyped":
			d.untyped = true
		case "typeoptional":
			d.typeOptional = true
		case "closed":
			d.closed = true
		case "needs":
			d.needs = strings.Split(arg, "|")
		default:
			return fmt.Errorf("unknown option %q", opt)
		}
	}
	return nil
}

func newField(sf reflect.StructField, tag string) (*field, error) {
	name, opts, _ := strings.Cut(tag, ",")
	if name == "" {
		return nil, errors.New("the tag names no field")
	}
	f := &field{name: name, typ: sf.Type, doc: sf.Tag.Get("doc")}
	var err error
	if f.notation, f.inline, err = shapesOf(sf.Type); err != nil {
		return nil, err
	}
	for opts != "" {
		var opt string
		if strings.HasPrefix(opts, "default=") {
			opt, opts = opts, "" // takes the rest, commas included
		} else {
			opt, opts, _ = strings.Cut(opts, ",")
		}
		if err := f.option(opt); err != nil {
			return nil, err
		}
	}
	if f.single {
		f.notation = strings.TrimSuffix(strings.TrimPrefix(f.notation, "["), "]") + "|" + f.notation
	}
	if f.shapes, err = parseShapes(f.notation); err != nil {
		return nil, err
	}
	if f.hasDefault {
		return f, f.setDefault(reflect.New(sf.Type).Elem())
	}
	return f, nil
}

func (f *field) option(opt string) error {
	name, arg, _ := strings.Cut(opt, "=")
	var err error
	switch name {
	case "required":
		f.required = true
	case "is":
		f.notation = arg
	case "of":
		f.notation = strings.Replace(f.notation, "any", arg, 1)
	case "single":
		f.single = true
	case "enum":
		f.enum = strings.Split(arg, "|")
	case "default":
		f.hasDefault, f.defaultText = true, arg
	case "minitems":
		f.minItems, err = strconv.Atoi(arg)
	case "unique":
		f.unique = true
	case "min":
		f.min, err = bound(arg)
	case "above":
		f.above, err = bound(arg)
	default:
		err = fmt.Errorf("unknown option %q", opt)
	}
	return err
}

func bound(s string) (*float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	return &f, err
}

// shapesOf gives the shapes that a Go type takes, in the notation of tags, and the definition of a
// struct inside.
func shapesOf(t reflect.Type) (string, *definition, error) {
	if s, ok := goShapes[t]; ok {
		return s, nil, nil
	}
	switch t.Kind() {
	case reflect.String:
		return "string", nil, nil
	case reflect.Bool:
		return "boolean", nil, nil
	case reflect.Int, reflect.Int64:
		return "integer", nil, nil
	case reflect.Float64:
		return "number", nil, nil
	case reflect.Slice:
		s, inline, err := shapesOf(t.Elem())
		return "[" + s + "]", inline, err
	case reflect.Pointer:
		return shapesOf(t.Elem())
	case reflect.Struct:
		d, err := newDefinition(t)
		return "object", d, err
	}
	return "", nil, fmt.Errorf("the type %s can not be decoded", t)
}

// setDefault fills v with the tag's default.
func (f *field) setDefault(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		return f.setDefaultPointer(v)
	case reflect.String:
		v.SetString(f.defaultText)
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(f.defaultText)
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(f.defaultText, 10, 64)
		v.SetInt(n)
		return err
	case reflect.Float64:
		n, err := strconv.ParseFloat(f.defaultText, 64)
		v.SetFloat(n)
		return err
	case reflect.Interface:
		d, err := value.DecodeString(f.defaultText)
		if err != nil {
			d = f.defaultText
		}
		v.Set(reflect.ValueOf(d))
		return nil
	case reflect.Slice:
		return f.setDefaultSlice(v)
	}
	return fmt.Errorf("a default for %s is not possible", v.Type())
}

func (f *field) setDefaultSlice(v reflect.Value) error {
	items := strings.Split(f.defaultText, "|")
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		one := &field{defaultText: item}
		if err := one.setDefault(out.Index(i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

func (f *field) setDefaultPointer(v reflect.Value) error {
	switch v.Type() {
	case reflect.TypeFor[*jinja.String]():
		t, err := jinja.CompileString(f.defaultText, nil)
		v.Set(reflect.ValueOf(t))
		return err
	case reflect.TypeFor[*jinja.Bool]():
		t, err := jinja.CompileBool(f.defaultText, nil)
		v.Set(reflect.ValueOf(t))
		return err
	}
	d := reflect.New(v.Type().Elem())
	v.Set(d)
	return f.setDefault(d.Elem())
}
