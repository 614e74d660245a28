package resolver

import (
	"errors"
	"fmt"
	"strings"

	"anytap/internal/manifest"
)

// scanner says which texts that are no YAML stay text. What is wrongly put together always does; for what can not even be cut
// into tokens the reference runtime's resolvers differ.
type scanner bool

const (
	strictScanner  scanner = false
	sparingScanner scanner = true // a text that begins like a directive, and one with a tab, stay text
)

// readYAML reads a text as YAML, as PyYAML's safe_load does; anything else stays as it is.
func readYAML(v any, s scanner) (any, error) {
	text, ok := v.(string)
	if !ok {
		return v, nil
	}
	if isEmptyYAML(text) {
		return nil, nil
	}
	if strings.Contains(text, "\t") && !strings.ContainsAny(text, "\"'|>#") {
		if s == sparingScanner {
			return text, nil
		}
		return nil, errTab
	}
	n, err := manifest.Parse("value", []byte(text))
	if err == nil {
		return n.Value(), nil
	}
	if s.keeps(text, err) {
		return text, nil
	}
	return nil, fmt.Errorf("components_mapping: a value can not be read as YAML: %w", err)
}

// errTab: PyYAML takes a tab for no blank, other than YAML's later readers.
var errTab = errors.New("components_mapping: a value can not be read as YAML: it holds a tab")

// isEmptyYAML reports a text without a document, which is None.
func isEmptyYAML(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

// keeps reports whether a text that can not be read stays as it is. The reader's words tell what is wrong: libyaml's parser
// misses something, its scanner finds or can not find a character.
func (s scanner) keeps(text string, err error) bool {
	message := err.Error()
	switch {
	case strings.Contains(message, "unknown directive name"):
		return true
	case strings.HasPrefix(text, "%"):
		return s == sparingScanner
	case !strings.Contains(message, "did not find expected"):
		return false
	}
	for _, character := range []string{"alphabetic or numeric", "whitespace", "digit", "comment", "line break"} {
		if strings.Contains(message, character) {
			return false
		}
	}
	return true
}
