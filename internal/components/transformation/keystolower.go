package transformation

import (
	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// keysToLowerDefinition configures KeysToLower, which makes the keys of a record lower case.
//
//	type: KeysToLower
//
// Keys of objects inside the record do not change.
type keysToLowerDefinition struct{}

func buildKeysToLower(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def keysToLowerDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return keysToLower{}, nil
}

type keysToLower struct{ anyMember }

// Bind is contract.Transformer's.
func (keysToLower) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		for _, key := range record.Keys() {
			low := pytext.Lower(key)
			if low == key {
				continue
			}
			v, ok := record.Get(key)
			if !ok {
				continue
			}
			record.Delete(key)
			record.Set(low, v)
		}
		return nil
	}
}
