package requester

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// PlainTextDefinition are the fields of
//
//	type: RequestBodyPlainText
//	value: "from={{ stream_interval.start_time }}"
type PlainTextDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=string" doc:"The body."`
}

// FormDefinition are the fields of
//
//	type: RequestBodyUrlEncodedForm
//	value: {from: "{{ stream_interval.start_time }}"}
type FormDefinition struct {
	Value *manifest.Node `manifest:"value,required,is={string}" doc:"The form's fields."`
}

// JSONObjectDefinition are the fields of
//
//	type: RequestBodyJsonObject
//	value: {filter: {from: "{{ stream_interval.start_time }}"}}
type JSONObjectDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=object" doc:"The body, with templates at any depth."`
}

// GraphQLDefinition are the fields of
//
//	type: RequestBodyGraphQL
//	value: {query: "query { items { id } }"}
type GraphQLDefinition struct {
	Value *manifest.Node `manifest:"value,required,is=object" doc:"The body: query, and whatever the API takes besides."`
}

// GraphQLQueryDefinition are the fields of a RequestBodyGraphQL's value.
type GraphQLQueryDefinition struct {
	_     struct{} `manifest:",untyped"`
	Query string   `manifest:"query,required" doc:"The GraphQL query."`
}

// content is a request's body as a manifest gives it: data (text or form), or JSON.
type content struct {
	data *input
	json *jsonInput
}

// jsonInput is a JSON body: anything with templates inside.
type jsonInput struct {
	nested *jinja.Nested
	text   *jinja.String // in place of nested: one template for the whole
}

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

func buildPlainText(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def PlainTextDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	data, err := newInput(c, def.Value, "")
	return content{data: data}, err
}

func buildForm(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def FormDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	data, err := newInput(c, def.Value, "", templateTypes...)
	return content{data: data}, err
}

func buildJSONObject(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def JSONObjectDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	json, err := newJSONInput(c, def.Value)
	return content{json: json}, err
}

func buildGraphQL(c *manifest.Compiler, n *manifest.Node) (content, error) {
	var def GraphQLDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return content{}, err
	}
	if _, ok := def.Value.Get("query").Text(); !ok {
		return content{}, def.Value.Problem("query is missing, expected a GraphQL query")
	}
	json, err := newJSONInput(c, def.Value)
	return content{json: json}, err
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
	if b.json.text != nil {
		v, err = b.json.text.Eval(env)
	} else {
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
