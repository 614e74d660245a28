package yaml11

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"anytap/internal/value"
)

// Replaced returns a document, a map, with the values of some of its members replaced or added. Its
// comments stay.
func Replaced(data []byte, values *value.Dict, names []string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, syntaxError(data, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the document is no map")
	}
	for _, name := range names {
		v, _ := values.Get(name)
		n, err := written(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := replace(doc.Content[0], name, n); err != nil {
			return nil, err
		}
	}
	return encoded(&doc)
}

// replace sets a member of a map.
func replace(root *yaml.Node, name string, n *yaml.Node) error {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if key := root.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			n.LineComment, n.FootComment = root.Content[i+1].LineComment, root.Content[i+1].FootComment
			root.Content[i+1] = n
			return nil
		}
	}
	key, err := writtenScalar(name)
	if err != nil {
		return err
	}
	root.Content = append(root.Content, key, n)
	return nil
}
