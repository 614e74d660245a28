package redact

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// needle is a secret as a text may hold it.
type needle struct {
	text     string
	secret   string // as it is
	spelling spelling
}

// spelling is a way to write a secret.
type spelling string

const (
	plain     spelling = ""
	inQuery   spelling = "query" // escaped as in a query
	inPath    spelling = "path"  // escaped as in a path
	lowQuery  spelling = "query-lower"
	lowPath   spelling = "path-lower" // the escapes with small letters
	inJSON    spelling = "json"       // between the quotes of a JSON text
	inBase64  spelling = "base64"
	rawBase64 spelling = "base64-raw"
	inURL64   spelling = "base64url"
	rawURL64  spelling = "base64url-raw"
	// within is a part of a longer text in Base64 that holds the secret.
	within spelling = "within"
)

// write spells a secret; false: there is no such spelling.
func (s spelling) write(secret string) (string, bool) {
	switch s {
	case plain:
		return secret, true
	case inQuery:
		return url.QueryEscape(secret), true
	case inPath:
		return url.PathEscape(secret), true
	case lowQuery:
		return withSmallEscapes(url.QueryEscape(secret)), true
	case lowPath:
		return withSmallEscapes(url.PathEscape(secret)), true
	case inJSON:
		text, err := json.Marshal(secret)
		if err != nil || len(text) < 2 {
			return "", false
		}
		return string(text[1 : len(text)-1]), true
	case inBase64:
		return base64.StdEncoding.EncodeToString([]byte(secret)), true
	case rawBase64:
		return base64.RawStdEncoding.EncodeToString([]byte(secret)), true
	case inURL64:
		return base64.URLEncoding.EncodeToString([]byte(secret)), true
	case rawURL64:
		return base64.RawURLEncoding.EncodeToString([]byte(secret)), true
	}
	return "", false
}

var escapes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%[0-9A-F]{2}`) })

func withSmallEscapes(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return escapes().ReplaceAllStringFunc(text, strings.ToLower)
}

// longEnoughWithin is how long a secret must be to be looked for inside of longer Base64 texts: of
// a shorter one too little can be told from chance.
const longEnoughWithin = 9

// spellings lists how a secret may be written. The first one counts where several are the same.
func spellings(secret string) []needle {
	var all []needle
	for _, s := range []spelling{plain, inQuery, inPath, lowQuery, lowPath, inJSON, inBase64, rawBase64, inURL64, rawURL64} {
		if text, ok := s.write(secret); ok {
			all = append(all, needle{text, secret, s})
		}
	}
	if len(secret) < longEnoughWithin {
		return all
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			all = append(all, needle{inside(encoding, secret, before), secret, within})
		}
	}
	return all
}

// inside is what Base64 makes of a secret for sure, behind so many bytes of a group of three,
// whatever stands before and behind it.
func inside(encoding *base64.Encoding, secret string, before int) string {
	text := encoding.EncodeToString(append(make([]byte, before), secret...))
	from := (before*8 + 5) / 6
	to := (before + len(secret)) * 8 / 6
	return text[from:to]
}
