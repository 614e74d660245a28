package manifest

import (
	"bytes"
	"errors"

	"anytap/internal/manifest/yaml11"
)

// Parse reads a manifest's text, one YAML document, as PyYAML's SafeLoader does. References and
// parameters are left as they are: see Resolve. The errors are Problems that name the file.
func Parse(file string, data []byte) (*Node, error) {
	d := &document{file: file, data: data}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		return nil, Problems{{File: file, Line: 1, Col: 1, Msg: "found a web page or XML, expected YAML; save the file itself, not the page that shows it"}}
	}
	root, err := yaml11.Read(data)
	if err != nil {
		return nil, d.syntaxProblems(err)
	}
	return d.rootNode(root, asIs), nil
}

// syntaxProblems names the file in the reader's errors.
func (d *document) syntaxProblems(err error) error {
	var list yaml11.Errors
	if !errors.As(err, &list) {
		return err
	}
	problems := make(Problems, len(list))
	for i, e := range list {
		problems[i] = &Problem{File: d.file, Line: e.Line, Col: e.Col, Msg: e.Msg}
	}
	return problems.Sorted()
}

// FromValue makes a manifest of a value that came inside a config
// (__injected_declarative_manifest). It has no lines.
func FromValue(file string, v any) *Node {
	d := &document{file: file}
	return d.rootNode(d.fromValue(v, nil), asIs)
}
