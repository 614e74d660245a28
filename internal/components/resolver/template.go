package resolver

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// template is the stream that a resolver fills.
type template struct {
	node      *manifest.Node
	config    *value.Dict
	useParent bool
	env       *jinja.Env
}

func newTemplate(c *manifest.Compiler, n *manifest.Node, useParent bool) (*template, error) {
	d, ok := n.Value().(*value.Dict)
	if !ok {
		return nil, n.Problem("expected a stream as the template")
	}
	env := c.ConfigEnv().Set("stream_template_config", d)
	return &template{node: n, config: d, useParent: useParent, env: env}, nil
}

// variables are what the templates of the mappings see.
func (t *template) variables(values any) *jinja.Env {
	return t.env.Child().Set("components_values", values)
}

// fill makes one stream; apply changes its copy of the template.
func (t *template) fill(apply func(*value.Dict) error) (*manifest.Node, error) {
	filled := t.config.Clone()
	if err := apply(filled); err != nil {
		return nil, t.node.Problem("%v", err)
	}
	stream := t.node.Rebuild(t.node.Path(), filled, t.useParent)
	if name, ok := stream.Get("name").Text(); !ok || name == "" {
		return nil, tap.Errorf(tap.System, "a stream made at run time has the name %s, expected text", value.Repr(stream.Get("name").Value()))
	}
	return stream, nil
}
