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
	writeNulls(&doc, false)
	return encoded(&doc)
}

// writeNulls writes out what is empty in flow style, which the encoder takes for an empty text.
func writeNulls(n *yaml.Node, flow bool) {
	if flow && n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == "" {
		n.Value = "null"
	}
	for _, inner := range n.Content {
		writeNulls(inner, flow || n.Style&yaml.FlowStyle != 0)
	}
}

// replace sets a member of a map.
func replace(root *yaml.Node, name string, n *yaml.Node) error {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if key := root.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			n.LineComment, n.FootComment = root.Content[i+1].LineComment, root.Content[i+1].FootComment
			old := root.Content[i+1]
			root.Content[i+1] = n
			keepAnchors(root, anchored(old, nil))
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

// anchored adds the nodes at and below n that others may stand for.
func anchored(n *yaml.Node, all map[*yaml.Node]bool) map[*yaml.Node]bool {
	if n.Anchor != "" {
		if all == nil {
			all = map[*yaml.Node]bool{}
		}
		all[n] = true
	}
	for _, inner := range n.Content {
		all = anchored(inner, all)
	}
	return all
}

// keepAnchors puts each node that was taken out where it is first referred to below n: an alias
// needs its anchor before it.
func keepAnchors(n *yaml.Node, gone map[*yaml.Node]bool) {
	for i, inner := range n.Content {
		if inner.Kind == yaml.AliasNode && gone[inner.Alias] {
			n.Content[i] = inner.Alias
			for back := range anchored(inner.Alias, nil) {
				delete(gone, back)
			}
		} else if len(gone) > 0 {
			keepAnchors(inner, gone)
		}
	}
}
