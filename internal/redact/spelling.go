package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// needle is a secret as a text may hold it, once its escapes are undone.
type needle struct {
	text     string
	secret   string // as it is
	spelling spelling
	exact    bool // not in letters of the other case
	word     bool // not as a part of a word
}

// spelling is a way to write a secret. Several ones, one after the other, are joined by dots.
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
	inHex     spelling = "hex"
	upperHex  spelling = "hex-upper"
	// within is a part of a longer text that holds the secret, such as one in Base64.
	within spelling = "within"
)

// writable are the spellings that can be written again.
var writable = []spelling{plain, inQuery, inPath, lowQuery, lowPath, inJSON, inBase64, rawBase64, inURL64, rawURL64, inHex, upperHex}

// write spells a secret; false: there is no such spelling.
func (s spelling) write(secret string) (string, bool) {
	first, then, more := strings.Cut(string(s), ".")
	text, ok := spelling(first).writeOnce(secret)
	if !ok || !more {
		return text, ok
	}
	return spelling(then).write(text)
}

func (s spelling) writeOnce(secret string) (string, bool) {
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
	case inHex:
		return hex.EncodeToString([]byte(secret)), true
	case upperHex:
		return strings.ToUpper(hex.EncodeToString([]byte(secret))), true
	}
	return "", false
}

// spellingOf finds the spelling in which a secret is written as text; false: there is none.
func spellingOf(secret, text string, likely spelling) (spelling, bool) {
	if spelled, ok := likely.write(secret); ok && spelled == text {
		return likely, true
	}
	for _, first := range writable {
		once, ok := first.write(secret)
		if !ok {
			continue
		}
		if once == text {
			return first, true
		}
		for _, then := range writable[1:] {
			if twice, ok := then.write(once); ok && twice == text && first != plain {
				return first + "." + then, true
			}
		}
	}
	return plain, false
}

var escapes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%[0-9A-F]{2}`) })

func withSmallEscapes(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return escapes().ReplaceAllStringFunc(text, strings.ToLower)
}

const (
	// longEnoughWithin is how long a secret must be to be looked for inside of longer Base64 texts:
	// of a shorter one too little can be told from chance.
	longEnoughWithin = 6
	// longEnoughLine is how long a line must be to count as a secret, of one that has several.
	longEnoughLine = 16
)

// speller collects the spellings of a secret, each once. The first one counts where several are the
// same.
type speller struct {
	secret string
	all    []*needle
	seen   map[string]bool
}

// spellings lists how a secret may be written once all escapes are undone.
func spellings(secret string) []*needle {
	s := &speller{secret: secret, seen: map[string]bool{}}
	word := Usual(secret)
	s.add(needle{text: secret, word: word})
	for _, text := range []string{strings.TrimSpace(secret), strings.ReplaceAll(secret, " ", "+"), strings.ReplaceAll(secret, "+", " ")} {
		s.add(needle{text: text, spelling: within, word: word})
	}
	for _, how := range []spelling{inBase64, rawBase64, inURL64, rawURL64} {
		text, _ := how.write(secret)
		s.add(needle{text: text, spelling: how, exact: true})
	}
	s.add(needle{text: hex.EncodeToString([]byte(secret)), spelling: inHex, word: word})
	if len(secret) >= longEnoughWithin {
		for _, part := range parts64(secret) {
			s.add(needle{text: part, spelling: within, exact: true})
		}
	}
	if strings.Contains(secret, "\n") {
		for line := range strings.Lines(secret) {
			if line = strings.TrimSpace(line); len(line) >= longEnoughLine && !strings.HasPrefix(line, "-----") {
				s.add(needle{text: line, spelling: within})
			}
		}
	}
	return s.all
}

func (s *speller) add(n needle) {
	if len(n.text) < startLen || s.seen[n.text] {
		return
	}
	s.seen[n.text] = true
	n.secret = s.secret
	s.all = append(s.all, &n)
}

// parts64 are what Base64 makes of a text for sure, whatever stands before and behind it.
func parts64(text string) []string {
	var all []string
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString(append(make([]byte, before), text...))
			all = append(all, encoded[(before*8+5)/6:(before+len(text))*8/6])
		}
	}
	return all
}

// Usual reports whether a text is a word, a few words, or a short number, such as messages have
// them too.
func Usual(text string) bool {
	const longestShort, longestNumber, longestWord = 5, 7, 19
	if len(text) <= longestShort {
		return true
	}
	letters, digits := false, false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters = true
		case unicode.IsDigit(r):
			digits = true
		case !strings.ContainsRune(" -_./:", r):
			return false
		}
	}
	switch {
	case letters && digits:
		return false
	case digits:
		return len(text) <= longestNumber
	}
	return len(text) <= longestWord
}

// inWord reports whether a character belongs to a word.
func inWord(r rune) bool { return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) }
