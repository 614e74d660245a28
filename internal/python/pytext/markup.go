package pytext

import (
	"strings"

	"anytap/internal/value"
)

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

// EscapeHTML replaces the characters that have a meaning in HTML.
func EscapeHTML(s string) string { return htmlEscaper.Replace(s) }

// MarkupIf makes the result of a text operation safe if its input was.
func MarkupIf(s string, isSafe bool) any {
	if isSafe {
		return Markup(s)
	}
	return s
}

// Markup is text that is safe to stand in HTML: what tojson, escape and safe
// give. Text joined to it is escaped.
type Markup string

// TypeName is part of value.Object.
func (m Markup) TypeName() string { return "Markup" }

// Repr is part of value.Object.
func (m Markup) Repr() string { return "Markup(" + value.Repr(string(m)) + ")" }

// Str is part of value.Object.
func (m Markup) Str() string { return string(m) }

// Truth is part of value.Object.
func (m Markup) Truth() bool { return m != "" }

// Of returns the content of a str, which a markup is too.
func Of(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case Markup:
		return string(v), true
	}
	return "", false
}
