package requester

import (
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// input is a part of a request: a map of templates, or one template of a map or text.
type input struct {
	mapping *jinja.Mapping
	text    *jinja.String
	valid   []string    // types that a member may have; others become text. Empty: all
	fixed   *value.Dict // the value of mapping, where it holds no template
}

// templateTypes are the types that a parameter or a form field may have. A value of another type is
// sent as its text.
var templateTypes = []string{"str", "list"}

// newInput makes an input of a node; nil: there is none. except names a member to leave out.
func newInput(c *manifest.Compiler, n *manifest.Node, except string, valid ...string) (*input, error) {
	if n == nil || n.IsNull() {
		return nil, nil
	}
	if text, ok := n.Text(); ok {
		if text == "" {
			return nil, nil
		}
		t, err := jinja.CompileString(text, parametersAt(n))
		if t == nil || err != nil && c.Strict {
			return nil, n.Problem("%v", err)
		}
		return &input{text: t}, nil
	}
	members, ok := n.Value().(*value.Dict)
	if !ok {
		return nil, n.Problem("expected a map or text")
	}
	if except != "" {
		members = members.Clone()
		members.Delete(except)
	}
	if members.Len() == 0 {
		return nil, nil
	}
	m, err := jinja.CompileMapping(members, parametersAt(n))
	if m == nil || err != nil && c.Strict {
		return nil, n.Problem("%v", err)
	}
	in := &input{mapping: m, valid: valid}
	if isFixed(members) {
		if d, err := in.members(c.ConfigEnv()); err == nil {
			in.fixed = d
		}
	}
	return in, nil
}

// isFixed reports whether no member is a template.
func isFixed(d *value.Dict) bool {
	for name, v := range d.All() {
		text, ok := v.(string)
		if !ok || isTemplate(name) || isTemplate(text) {
			return false
		}
	}
	return true
}

func isTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "{#")
}

// eval evaluates to members or to text; isText says which. Members that are None are left out.
func (in *input) eval(env *jinja.Env) (d *value.Dict, text string, isText bool, err error) {
	switch {
	case in == nil:
		return nil, "", false, nil
	case in.fixed != nil:
		return in.fixed, "", false, nil
	case in.mapping != nil:
		d, err = in.members(env)
		return d, "", false, err
	}
	v, err := in.text.Eval(env)
	if err != nil {
		return nil, "", false, err
	}
	switch v := v.(type) {
	case *value.Dict:
		return withoutNone(v), "", false, nil
	case string:
		return nil, v, true, nil
	}
	return nil, "", false, nil // neither a map nor text, so nothing is sent
}

func (in *input) members(env *jinja.Env) (*value.Dict, error) {
	d, err := in.mapping.Eval(env, in.valid...)
	if err != nil {
		return nil, err
	}
	return withoutNone(d), nil
}

func withoutNone(d *value.Dict) *value.Dict {
	some := false
	for _, v := range d.AllKeys() {
		some = some || v == nil
	}
	if !some {
		return d
	}
	out := value.NewDict(d.Len())
	for k, v := range d.AllKeys() {
		if v != nil {
			out.SetKey(k, v)
		}
	}
	return out
}

// parametersAt are the parameters of templates at a node: those of the component around it.
func parametersAt(n *manifest.Node) *value.Dict {
	for ; n != nil; n = n.Parent() {
		if p := n.Parameters(); p != nil {
			return p
		}
	}
	return nil
}
