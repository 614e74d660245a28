package rest

import (
	"net/http"
	"slices"
	"strings"

	"anytap/internal/value"
)

// HeaderDict makes what templates know as headers; a repeated header's values are joined by a
// comma. The reference runtime finds a header by its name in any case; here it is under the name as
// spelled (see SpelledNames), else in canonical case.
func HeaderDict(h http.Header, spelled ...string) *value.Dict {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	d := value.NewDict(len(names))
	for _, name := range names {
		text, known := strings.Join(h[name], ", "), false
		for _, as := range spelled {
			if strings.EqualFold(as, name) {
				d.Set(as, text)
				known = true
			}
		}
		if !known {
			d.Set(name, text)
		}
	}
	return d
}

// SpelledNames finds what may be the name of a header in the text of templates: each quoted text
// and each attribute, once.
func SpelledNames(templates ...string) []string {
	var names []string
	for _, text := range templates {
		for i := 0; i < len(text); i++ {
			if c := text[i]; c != '\'' && c != '"' && c != '.' {
				continue
			}
			end := i + 1
			for end < len(text) && isNameByte(text[end]) {
				end++
			}
			if name := text[i+1 : end]; name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// isNameByte names the characters of a header's name (RFC 9110, token) that are no quotes or dots.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&*+-^_`|~", c) >= 0
}
