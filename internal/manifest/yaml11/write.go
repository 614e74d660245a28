package yaml11

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"anytap/internal/value"
)

// Write writes a value of dicts, lists and JSON's scalars as a YAML document for people to read.
// The members of objects keep their order; small objects and lists stand on one line. Read gives an
// equal value.
func Write(v any) ([]byte, error) {
	n, err := written(v)
	if err != nil {
		return nil, err
	}
	return encoded(n)
}

// encoded is the text of a node.
func encoded(n *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}

// oneLine is the most characters of an object or a list that stands on one line.
const oneLine = 90

func written(v any) (*yaml.Node, error) {
	switch v := v.(type) {
	case *value.Dict:
		return writtenDict(v)
	case *value.List:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v.All() {
			inner, err := written(item)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, inner)
		}
		return flowed(n), nil
	}
	return writtenScalar(v)
}

func writtenDict(d *value.Dict) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for name, v := range d.All() {
		key, err := writtenScalar(name)
		if err != nil {
			return nil, err
		}
		inner, err := written(v)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, key, inner)
	}
	return flowed(n), nil
}

// flowed puts a node on one line if it is short and holds scalars alone.
func flowed(n *yaml.Node) *yaml.Node {
	length := 0
	for _, inner := range n.Content {
		if inner.Kind != yaml.ScalarNode && len(inner.Content) > 0 || strings.Contains(inner.Value, "\n") {
			return n
		}
		length += len(inner.Value) + len(", ")
	}
	if length <= oneLine {
		n.Style = yaml.FlowStyle
	}
	return n
}

func writtenScalar(v any) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v := v.(type) {
	case nil:
		n.Tag, n.Value = "!!null", "null"
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v)
	case int64:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v, 10)
	case *big.Int:
		n.Tag, n.Value = "!!int", v.String()
	case float64:
		n.Tag, n.Value = "!!float", floatText(v)
	case string:
		n.SetString(v)
		// The encoder knows neither all of YAML 1.1 nor how templates look best.
		plain, err := resolvePlain(v)
		if err != nil || plain != any(v) || strings.Contains(v, "'") && !strings.ContainsAny(v, "\"\\\n") {
			n.Style = yaml.DoubleQuotedStyle
		}
	default:
		return nil, fmt.Errorf("a %s can not be written as YAML", value.TypeName(v))
	}
	return n, nil
}

// floatText is a number as YAML 1.1 has it: with a point.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return ".nan"
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.Contains(text, ".") {
		return text
	}
	if mantissa, exponent, ok := strings.Cut(text, "e"); ok {
		return mantissa + ".0e" + exponent
	}
	return text + ".0"
}
