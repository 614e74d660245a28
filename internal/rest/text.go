package rest

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"
)

// DecodeText gives a body as UTF-8, decoded as the reference runtime decodes text: by the charset
// of the content type; text/* without one is Latin-1, everything else UTF-8. Bytes that fit no
// character become U+FFFD.
func DecodeText(body []byte, contentType string) []byte {
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
