package transformation

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// anyMember is a part of transformations that may read or set any member of a record.
type anyMember struct{}

// Touches is contract.Transformer's.
func (anyMember) Touches() (names []string, all bool) { return nil, true }

// configOnly returns the variables of templates that may see nothing but config.
func configOnly(env *jinja.Env) *jinja.Env {
	only := jinja.NewEnv(env.Now)
	if config, ok := env.Get("config"); ok {
		only.Set("config", config)
	}
	return only
}

// fail names the component whose transformation failed.
func fail(name string, err error) error {
	return fmt.Errorf("transform a record by %s: %w", name, rest.TemplateError(err))
}

// rename returns a copy of d with every key changed. Of keys that become equal the last counts, as
// in a Python dict. into changes the values that are dicts; nil: they stay as they are.
func rename(d *value.Dict, key func(string) string, into func(*value.Dict) *value.Dict) *value.Dict {
	out := value.NewDict(d.Len())
	for k, v := range d.All() {
		if inner, ok := v.(*value.Dict); ok && into != nil {
			v = into(inner)
		}
		out.Set(key(k), v)
	}
	return out
}
