package rest

import (
	"fmt"
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Place is the part of a request that an option goes into.
type Place string

// The places, by the names that manifests use.
const (
	InParameter Place = "request_parameter"
	InHeader    Place = "header"
	InForm      Place = "body_data"
	InJSON      Place = "body_json"
)

// RequestOption says where a value goes in a request: a place, and a field there. In a JSON body
// the field may be a path of several names.
type RequestOption struct {
	Into Place
	path []*jinja.String
	env  *jinja.Env
	// fixed is the path where no part of it is a template; nil: it is evaluated for each request.
	fixed []string
}

// NewRequestOption makes an option of its field's name, or of its path where nested is set. The names are templates over env,
// which holds the config. A path of more than its own name is only possible in a JSON body.
func NewRequestOption(into Place, path []*jinja.String, nested bool, env *jinja.Env) (*RequestOption, error) {
	switch into {
	case InParameter, InHeader, InForm, InJSON:
	default:
		return nil, fmt.Errorf("inject_into: %q is none of request_parameter, header, body_data, body_json", into)
	}
	if len(path) == 0 {
		return nil, fmt.Errorf("a request option needs field_name or field_path")
	}
	if nested && into != InJSON {
		return nil, fmt.Errorf("field_path is only possible with inject_into: body_json, not %s", into)
	}
	o := &RequestOption{Into: into, path: path, env: env}
	fixed := make([]string, len(path))
	for i, part := range path {
		v, constant := part.Const()
		if !constant {
			return o, nil
		}
		fixed[i] = value.Str(v)
	}
	o.fixed = fixed
	return o, nil
}

// FieldOption is an option at one field with a fixed name.
func FieldOption(into Place, name string) *RequestOption {
	return &RequestOption{Into: into, fixed: []string{name}}
}

// Path gives the names below which the value goes; one name unless the place is a JSON body.
func (o *RequestOption) Path() ([]string, error) {
	if o.fixed != nil {
		return o.fixed, nil
	}
	path := make([]string, len(o.path))
	for i, part := range o.path {
		text, err := part.Text(o.env)
		if err != nil {
			return nil, fmt.Errorf("name of a request option: %w", err)
		}
		path[i] = text
	}
	return path, nil
}

// Inject writes v into the options, over what was at the same field before. Collisions between
// components are found by Merge, so each component injects into Options of its own.
func (o *RequestOption) Inject(options *Options, v any) error {
	path, err := o.Path()
	if err != nil {
		return err
	}
	target := options.dict(o.Into)
	last := len(path) - 1
	for _, name := range path[:last] {
		child, ok := target.Get(name)
		if !ok {
			next := value.NewDict(1)
			target.Set(name, next)
			target = next
			continue
		}
		next, ok := child.(*value.Dict)
		if !ok {
			return fmt.Errorf("request option at %s: %s holds a %s, not an object", strings.Join(path, "."), name, value.TypeName(child))
		}
		target = next
	}
	target.Set(path[last], v)
	return nil
}

// CheckOptions reports options of one component that would write the same field; nil options are skipped.
func CheckOptions(options ...*RequestOption) error {
	sets := make([]*Options, 0, len(options))
	for i, o := range options {
		if o == nil {
			continue
		}
		set := &Options{}
		if err := o.Inject(set, fmt.Sprintf("value %d", i)); err != nil {
			return err
		}
		sets = append(sets, set)
	}
	_, err := Merge(sets...)
	return err
}

// dict gives the options' dict for a place, made where there was none.
func (o *Options) dict(into Place) *value.Dict {
	slot := &o.Params
	switch into {
	case InHeader:
		slot = &o.Headers
	case InForm:
		slot = &o.Form
	case InJSON:
		slot = &o.JSON
	}
	if *slot == nil {
		*slot = value.NewDict(2)
	}
	return *slot
}

// Empty reports whether nothing is set.
func (o *Options) Empty() bool {
	return o == nil || o.Text == "" && size(o.Params)+size(o.Headers)+size(o.Form)+size(o.JSON) == 0
}

func size(d *value.Dict) int {
	if d == nil {
		return 0
	}
	return d.Len()
}

// Merge joins the options of several components into new ones; nil options are skipped. The arguments stay as
// they are, but where only one of them fills a part, the result shares it. In JSON bodies objects
// are merged and equal values may meet; everywhere else a key may come from one component only. A body given
// as text meets no other text and no form field.
func Merge(all ...*Options) (*Options, error) {
	merged := &Options{}
	var owned [4]bool
	for _, o := range all {
		if o == nil {
			continue
		}
		if err := mergeText(merged, o); err != nil {
			return nil, err
		}
		for i, part := range [4]struct {
			into **value.Dict
			from *value.Dict
		}{{&merged.Params, o.Params}, {&merged.Headers, o.Headers}, {&merged.Form, o.Form}, {&merged.JSON, o.JSON}} {
			if err := mergePart(part.into, part.from, &owned[i], i == 3); err != nil {
				return nil, err
			}
		}
	}
	if merged.Text != "" && size(merged.Form) > 0 {
		return nil, tap.Errorf(tap.System, "request body: a body given as text can not be joined with form fields")
	}
	return merged, nil
}

func mergeText(into, from *Options) error {
	if from.Text == "" {
		return nil
	}
	if into.Text != "" {
		return tap.Errorf(tap.System, "request body: two components give the body as text")
	}
	into.Text = from.Text
	return nil
}

func mergePart(into **value.Dict, from *value.Dict, owned *bool, isJSON bool) error {
	if size(from) == 0 {
		return nil
	}
	if *into == nil {
		*into = from
		return nil
	}
	if !*owned {
		*into, *owned = (*into).Clone(), true
	}
	return mergeDict(*into, from, nil, isJSON)
}

func mergeDict(into, from *value.Dict, path []string, isJSON bool) error {
	for key, v := range from.AllKeys() {
		have, ok := into.GetKey(key)
		if !ok {
			into.SetKey(key, cloned(v))
			continue
		}
		at := append(path, value.Str(key))
		inner, isDict := have.(*value.Dict)
		outer, both := v.(*value.Dict)
		switch {
		case isJSON && isDict && both:
			if err := mergeDict(inner, outer, at, true); err != nil {
				return err
			}
		case !isJSON || !value.Equal(have, v):
			return tap.Errorf(tap.System, "request option collision: two components set %q", strings.Join(at, "."))
		}
	}
	return nil
}

// cloned copies what a later merge could change in place.
func cloned(v any) any {
	if d, ok := v.(*value.Dict); ok {
		return d.Clone()
	}
	return v
}
