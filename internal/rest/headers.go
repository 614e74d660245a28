package rest

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"anytap/internal/value"
)

// HeaderDict makes what templates know as headers; a repeated header's values are joined by a comma. The reference runtime
// finds a header by its name in any case; here it is under the name as spelled (see SpelledNames), else in canonical case.
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

// SpelledNames finds what may be the name of a header in the text of templates: each quoted text and each attribute, once.
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

// pageText is a body as UTF-8, decoded as the reference runtime decodes text: by the charset of
// the content type; text/* without one is Latin-1, everything else UTF-8. Bytes that fit no character become U+FFFD.
func pageText(body []byte, contentType string) []byte {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, params = contentType, nil
	}
	charset := strings.ToLower(params["charset"])
	if charset == "" && strings.Contains(kind, "text") {
		charset = "iso-8859-1"
	}
	switch charset {
	case "iso-8859-1", "latin-1", "latin1":
		return fromLatin1(body)
	case "":
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	}
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

func fromLatin1(body []byte) []byte {
	high := 0
	for _, c := range body {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	if high == 0 {
		return body
	}
	out := make([]byte, 0, len(body)+high)
	for _, c := range body {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}
