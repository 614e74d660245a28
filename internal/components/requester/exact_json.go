package requester

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// ExactJSONDefinition configures a body in JSON that is sent as it is written: null stays, and so
// do empty texts, which a RequestBodyJsonObject leaves out.
//
//	type: ExactJsonBody
//	value: {filter: {deleted_at: null, owner: "{{ config['owner'] }}"}}
type ExactJSONDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=object" doc:"The body, with templates as values at any depth. Names are no templates."`
}

func buildExactJSON(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def ExactJSONDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	body, err := newExact(c, def.Value, def.Value.Value())
	return content{json: &jsonInput{exact: body}}, err
}

// exact is a JSON value whose texts are templates.
type exact struct {
	text    *jinja.String // nil: the value is no template
	names   []string      // of the members of an object
	inner   []*exact      // its members, or the elements of a list
	isList  bool
	literal any // what is neither
}

func newExact(c *manifest.Compiler, n *manifest.Node, v any) (*exact, error) {
	x := &exact{}
	var err error
	add := func(v any) {
		inner, wrong := newExact(c, n, v)
		if err == nil {
			err = wrong
		}
		x.inner = append(x.inner, inner)
	}
	switch v := v.(type) {
	case string:
		x.text, err = jinja.CompileString(v, parametersAt(n))
		if x.text == nil || err != nil && c.Strict {
			return x, n.Problem("%v", err)
		}
		return x, nil
	case *value.Dict:
		x.names = make([]string, 0, v.Len())
		for name, member := range v.All() {
			x.names = append(x.names, name)
			add(member)
		}
	case *value.List:
		x.isList = true
		for _, item := range v.All() {
			add(item)
		}
	default:
		x.literal = v
	}
	return x, err
}

// eval evaluates the templates.
func (x *exact) eval(env *jinja.Env) (any, error) {
	switch {
	case x.text != nil:
		return x.text.Eval(env)
	case x.isList:
		l := value.NewList()
		for _, inner := range x.inner {
			v, err := inner.eval(env)
			if err != nil {
				return nil, err
			}
			l.Append(v)
		}
		return l, nil
	case x.names != nil:
		d := value.NewDict(len(x.names))
		for i, name := range x.names {
			v, err := x.inner[i].eval(env)
			if err != nil {
				return nil, err
			}
			d.Set(name, v)
		}
		return d, nil
	}
	return x.literal, nil
}
