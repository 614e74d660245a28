package rest

import (
	"fmt"
	"strings"

	"anytap/internal/jinja"
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

// NewRequestOption makes an option of its field's name, or of its path where nested is set. The
// names are templates over env, which holds the config. A path of more than its own name is only
// possible in a JSON body.
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

// FieldOption is an option at one field with a fixed name; of several names only in a JSON body.
func FieldOption(into Place, names ...string) *RequestOption {
	return &RequestOption{Into: into, fixed: names}
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
func (o *RequestOption) Inject(options *Parts, v any) error {
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

// CheckOptions reports options of one component that would write the same field; nil options are
// skipped.
func CheckOptions(options ...*RequestOption) error {
	sets := make([]*Parts, 0, len(options))
	for i, o := range options {
		if o == nil {
			continue
		}
		set := &Parts{}
		if err := o.Inject(set, fmt.Sprintf("value %d", i)); err != nil {
			return err
		}
		sets = append(sets, set)
	}
	_, err := Merge(sets...)
	return err
}
