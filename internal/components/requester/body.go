package requester

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// content is a request's body: data (a text or a form), or JSON.
type content struct {
	data *input
	json *jsonInput
}

// jsonInput is a JSON body with templates at any depth.
type jsonInput struct {
	nested *jinja.Nested
	text   *jinja.String // one template of the whole body, in place of nested
	exact  *exact        // a body that is sent as it is written, in place of both
}

// newJSONInput makes a JSON body of a node; nil: there is none.
func newJSONInput(c *manifest.Compiler, n *manifest.Node) (*jsonInput, error) {
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
		return &jsonInput{text: t}, nil
	}
	v := n.Value()
	if d, ok := v.(*value.Dict); ok && d.Len() == 0 {
		return nil, nil
	}
	nested, err := jinja.CompileNested(v, parametersAt(n))
	if nested == nil || err != nil && c.Strict {
		return nil, n.Problem("%v", err)
	}
	return &jsonInput{nested: nested}, nil
}

// fill evaluates the body into options.
func (b *content) fill(env *jinja.Env, o *rest.Parts) error {
	form, text, _, err := b.data.eval(env)
	if err != nil {
		return fmt.Errorf("request body: %w", err)
	}
	o.Form, o.Text = form, text
	if b.json == nil {
		return nil
	}
	var v any
	switch {
	case b.json.exact != nil:
		o.Object = true
		v, err = b.json.exact.eval(env)
	case b.json.text != nil:
		v, err = b.json.text.Eval(env)
	default:
		v, err = b.json.nested.Eval(env)
	}
	if err != nil {
		return fmt.Errorf("request body: %w", err)
	}
	switch v := v.(type) {
	case *value.Dict:
		o.JSON = v
	case string:
		return fmt.Errorf("request_body_json gives text, expected an object")
	}
	return nil
}
