package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// NotJSON is the *Fault of an answer that should be JSON and is something else, or is cut. It says
// what came: its status, type, and first words.
func NotJSON(status int, header http.Header, body []byte) error {
	kind := "no type"
	if t := header.Get("Content-Type"); t != "" {
		kind = "type " + t
	}
	return &Fault{Kind: Undecodable, Err: fmt.Errorf("the answer (status %d, %s) is %s", status, kind, Described(body))}
}

// mostQuoted is how many characters of an answer stand in a message.
const mostQuoted = 80

// Described says what a text is that should have been JSON.
func Described(body []byte) string {
	text := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
		return "empty, expected JSON"
	case IsHTML(text):
		return HTMLPage(text) + ", expected JSON: check the address, and whether the API wants a login or a header such as Accept"
	case text[0] == '<':
		return "XML that begins with " + quote(text) + ", expected JSON"
	case text[0] != '{' && text[0] != '[':
		return "a text that begins with " + quote(text) + ", expected JSON"
	}
	var all json.RawMessage
	syntax, broken := errors.AsType[*json.SyntaxError](json.Unmarshal(text, &all))
	switch {
	case !utf8.Valid(text):
		return "no JSON: it holds bytes that are no text in UTF-8"
	case !broken:
		return "no JSON that can be read"
	case syntax.Offset >= int64(len(text)):
		return fmt.Sprintf("JSON that breaks off after %d bytes", len(text))
	}
	return fmt.Sprintf("no JSON: its byte %d is wrong (%q)", syntax.Offset, text[syntax.Offset-1])
}

// IsHTML reports whether a body begins as a web page does.
func IsHTML(body []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 256)]))
	return bytes.HasPrefix(head, []byte("<!doctype")) || bytes.HasPrefix(head, []byte("<html"))
}

// HTMLPage says what stands in a web page: its title, else its first words.
func HTMLPage(body []byte) string {
	body = body[:min(len(body), 8<<10)]
	title := regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	if m := title.FindSubmatch(body); m != nil && len(bytes.TrimSpace(m[1])) > 0 {
		return "an HTML page called " + quote(m[1])
	}
	tag := regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	if words := bytes.TrimSpace(tag.ReplaceAll(body, []byte(" "))); len(words) > 0 {
		return "an HTML page that says " + quote(words)
	}
	return "an HTML page without words"
}

// quote gives the first words of a text, on one line.
func quote(text []byte) string {
	words := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(string(text[:min(len(text), 8*mostQuoted)]), "?")), " "))
	if len(words) > mostQuoted {
		return fmt.Sprintf("%q", string(words[:mostQuoted])+"…") // where redaction looks for secrets that were cut
	}
	return fmt.Sprintf("%q", string(words))
}
