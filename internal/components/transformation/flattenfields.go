package transformation

import (
	"strconv"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// flattenFieldsDefinition configures FlattenFields, which moves everything nested in a record to
// its top.
//
//	type: FlattenFields
//	flatten_lists: true
//
// A nested member keeps its name. If that is taken, it gets its whole path, joined by dots.
// Elements of lists get their path, with their index, and from the first element on so does
// everything else.
type flattenFieldsDefinition struct {
	FlattenLists bool `manifest:"flatten_lists,default=true" doc:"Flattens lists too."`
}

func buildFlattenFields(c *manifest.Compiler, n *manifest.Node) (contract.Transformer, error) {
	var def flattenFieldsDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return flattenFields{lists: def.FlattenLists}, nil
}

type flattenFields struct {
	anyMember
	lists bool
}

// Bind is contract.Transformer's.
func (t flattenFields) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		*record = *t.flatten(record)
		return nil
	}
}

// pending is a value that is still to be flattened.
type pending struct {
	value any
	name  string
}

// flatten visits the last members first, as the reference runtime does: the order decides which of
// two equal names stays short.
func (t flattenFields) flatten(record *value.Dict) *value.Dict {
	out := value.NewDict(record.Len())
	stack := []pending{{record, "_"}}
	paths := false // every name is a path from now on
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch v := at.value.(type) {
		case *value.Dict:
			for key, child := range v.All() {
				name := key
				if _, taken := out.Get(key); taken || paths {
					name = at.name + "." + key
				}
				stack = append(stack, pending{child, name})
			}
			continue
		case *value.List:
			if t.lists {
				for i, child := range v.All() {
					paths = true
					stack = append(stack, pending{child, at.name + "." + strconv.Itoa(i)})
				}
				continue
			}
		}
		out.Set(at.name, at.value)
	}
	return out
}
