package yaml11

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"anytap/internal/value"
)

// ReadCore reads one YAML document as people expect it who know JSON, for configurations: only
// true, false, null and JSON's numbers are not text, and of those a number that would be written
// otherwise, such as 1.10, is text too. The rules of YAML 1.1 would take no for false, 12:30 for a
// number and 2026-01-31 for a date. All keys are text, and none may come twice. Every error is an
// Errors.
func ReadCore(data []byte) (*Node, error) {
	root, err := readWith(data, true)
	var faults Errors
	if errors.As(err, &faults) {
		for _, fault := range faults {
			fault.Msg = strings.Replace(fault.Msg, "the manifest", "the file", 1)
		}
	}
	if err == nil && unfolded(root, map[*Node]int{}) > mostUnfolded {
		return nil, Errors{{Line: 1, Col: 1, Msg: fmt.Sprintf("the file unfolds to more than %d values, by aliases", mostUnfolded)}}
	}
	return root, err
}

// mostUnfolded is how many values a file may have. A few lines of aliases stand for billions.
const mostUnfolded = 1_000_000

// unfolded counts the values of a node, those of each of its aliases too, up to a bit more than
// mostUnfolded. It looks at each node once; counts has what is known.
func unfolded(n *Node, counts map[*Node]int) int {
	if count, known := counts[n]; known {
		return count
	}
	count := 1
	for _, v := range n.Values {
		count = min(count+unfolded(v, counts), mostUnfolded+1)
	}
	counts[n] = count
	return count
}

// resolveCore gives the value of an unquoted scalar by these rules.
func resolveCore(s string) (any, error) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return nil, nil
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	}
	if s[0] != '-' && !digit(s[0]) || !json.Valid([]byte(s)) {
		return s, nil
	}
	n, err := value.DecodeString(s)
	if err != nil || string(value.Append(nil, n)) != s {
		return s, nil
	}
	return n, nil
}

// keyAlready reports whether one of a map's members, keys and values in turn, has the name.
func keyAlready(content []*yaml.Node, name string) bool {
	for i := 0; i < len(content); i += 2 {
		if content[i].Kind == yaml.ScalarNode && content[i].Value == name {
			return true
		}
	}
	return false
}
