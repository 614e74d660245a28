package transformation

import (
	"strconv"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// FlattenFields puts what is nested in a record at its top, under its own name or, where that is taken, under the names on the way,
// joined by dots. Elements of lists are numbered; after the first of them all names are whole ways.
//
//	type: FlattenFields
//	flatten_lists: true

type flattenFieldsDefinition struct {
	FlattenLists bool `manifest:"flatten_lists,default=true" doc:"take lists apart too"`
}

func buildFlattenFields(c *manifest.Compiler, n *manifest.Node) (rest.Transformer, error) {
	def := flattenFieldsDefinition{}
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return flattenFields{def.FlattenLists}, nil
}

type flattenFields struct{ lists bool }

// Bind is rest.Transformer's.
func (t flattenFields) Bind(*jinja.Env) func(*value.Dict) error {
	return func(record *value.Dict) error {
		*record = *t.flatten(record)
		return nil
	}
}

// named is a value that waits to be looked at.
type named struct {
	value any
	name  string
}

// flatten goes through a record with a stack, last members first, because which of two equal names stays short
// depends on that order.
func (t flattenFields) flatten(record *value.Dict) *value.Dict {
	out := value.NewDict(record.Len())
	stack := []named{{record, "_"}}
	whole := false
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch v := at.value.(type) {
		case *value.Dict:
			for key, child := range v.All() {
				name := key
				if _, taken := out.Get(key); taken || whole {
					name = at.name + "." + key
				}
				stack = append(stack, named{child, name})
			}
			continue
		case *value.List:
			if t.lists {
				for i, child := range v.All() {
					whole = true
					stack = append(stack, named{child, at.name + "." + strconv.Itoa(i)})
				}
				continue
			}
		}
		out.Set(at.name, at.value)
	}
	return out
}
