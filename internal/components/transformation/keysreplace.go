package transformation

import (
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// keysReplaceDefinition configures KeysReplace, which replaces a text in the keys of a record and
// of the objects in it.
//
//	type: KeysReplace
//	old: " "
//	new: "_"
//
// Objects in lists do not change. Both templates know config, record and stream_slice.
type keysReplaceDefinition struct {
	Old *jinja.String `manifest:"old,required" doc:"The text to replace."`
	New *jinja.String `manifest:"new,required" doc:"What it becomes."`
}

func buildKeysReplace(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def keysReplaceDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &keysReplace{from: def.Old, to: def.New}, nil
}

type keysReplace struct {
	anyMember
	from, to *jinja.String
}

// Bind is contract.Transformer's.
func (t *keysReplace) Bind(env *jinja.Env) func(*value.Dict) error {
	vars := env.Child()
	return func(record *value.Dict) error {
		vars.Set("record", record)
		from, err := t.from.Text(vars)
		if err != nil {
			return fail("KeysReplace", err)
		}
		to, err := t.to.Text(vars)
		if err != nil {
			return fail("KeysReplace", err)
		}
		key := func(k string) string { return strings.ReplaceAll(k, from, to) }
		var walk func(*value.Dict) *value.Dict
		walk = func(d *value.Dict) *value.Dict { return rename(d, key, walk) }
		*record = *walk(record)
		return nil
	}
}
