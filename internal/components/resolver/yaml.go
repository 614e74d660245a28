package resolver

import (
	"errors"
	"fmt"
	"strings"

	"anytap/internal/manifest"
)

// scanner says which texts stay text because they are no YAML. Texts that a YAML parser refuses
// always do. For texts that not even a scanner can cut into tokens the reference runtime's
// resolvers differ.
type scanner bool

const (
	strictScanner  scanner = false
	sparingScanner scanner = true // texts that begin like a directive, and texts with a tab, stay text
)

// readYAML parses a text as YAML, like PyYAML's safe_load. Other values stay as they are.
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

// errTab: unlike later parsers, PyYAML does not accept a tab as white space.
var errTab = errors.New("components_mapping: a value can not be read as YAML: it holds a tab")

// isEmptyYAML reports whether a text has no document, which makes it None.
func isEmptyYAML(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

// keeps reports whether a text that can not be parsed stays as it is. The message shows what
// refused it: libyaml's parser misses a token, its scanner a character.
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
