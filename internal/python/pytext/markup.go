package pytext

import (
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
