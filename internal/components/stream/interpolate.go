package stream

import (
	"anytap/internal/jinja"
	"anytap/internal/manifest"
)

// interpolate evaluates the templates in a value. They see only the configuration.
func interpolate(c *manifest.Compiler, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	t, err := jinja.CompileNested(v, nil)
	if err != nil {
		return nil, err
	}
	return t.Eval(c.ConfigEnv())
}
