package pytext

import (
	"bytes"
	"html"
	"strings"

	"anytap/internal/value"
)

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

// EscapeHTML replaces the special characters of HTML, as markupsafe.escape does.
func EscapeHTML(s string) string { return htmlEscaper.Replace(s) }

// MarkupIf gives s as Markup if isSafe, else as a string. It keeps the result of an operation as
// safe as its input.
func MarkupIf(s string, isSafe bool) any {
	if isSafe {
		return Markup(s)
	}
	return s
}

// Markup is markupsafe.Markup: a str that is safe in HTML. Text that is joined to it gets escaped.
type Markup string

// TypeName is part of value.Object.
func (m Markup) TypeName() string { return "Markup" }

// Repr is part of value.Object.
func (m Markup) Repr() string { return "Markup(" + value.Repr(string(m)) + ")" }

// Str is part of value.Object.
func (m Markup) Str() string { return string(m) }

// Truth is part of value.Object.
func (m Markup) Truth() bool { return m != "" }

// Of gives the text of a str; a Markup is a str, too.
func Of(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case Markup:
		return string(v), true
	}
	return "", false
}

// StripTags removes tags and comments, collapses white space and decodes entities, as
// markupsafe.Markup.striptags does.
func StripTags(s string) string {
	s = removeComments(s)
	var b strings.Builder
	for {
		start := strings.IndexByte(s, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(s[start:], '>')
		if end < 0 {
			break
		}
		b.WriteString(s[:start])
		s = s[start+end+1:]
	}
	b.WriteString(s)
	return html.UnescapeString(strings.Join(strings.FieldsFunc(b.String(), IsSpace), " "))
}

// removeComments removes comments one after the other. What stands before one may open another
// together with what stands after it.
func removeComments(s string) string {
	if !strings.Contains(s, "<!--") {
		return s
	}
	const straddle = 3 // bytes of a mark that may stand before a removed comment
	b := []byte(s)
	kept, rest := 0, 0 // b[:kept] and b[rest:] are what is left
	for {
		n := min(straddle, kept)
		kept, rest = kept-n, rest-n
		copy(b[rest:rest+n], b[kept:kept+n])
		start := bytes.Index(b[rest:], []byte("<!--"))
		if start < 0 {
			break
		}
		end := bytes.Index(b[rest+start:], []byte("-->"))
		if end < 0 {
			break
		}
		kept += copy(b[kept:], b[rest:rest+start])
		rest += start + end + len("-->")
	}
	return string(append(b[:kept], b[rest:]...))
}
