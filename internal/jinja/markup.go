package jinja

import (
	"strings"

	"anytap/internal/value"
)

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

func escapeHTML(s string) string { return htmlEscaper.Replace(s) }

// likeInput makes the result of a text operation safe if its input was.
func likeInput(s string, isSafe bool) any {
	if isSafe {
		return markup(s)
	}
	return s
}

// markup is text that is safe to stand in HTML: what tojson, escape and safe
// give. Text joined to it is escaped.
type markup string

// TypeName is part of value.Object.
func (m markup) TypeName() string { return "Markup" }

// Repr is part of value.Object.
func (m markup) Repr() string { return "Markup(" + value.Repr(string(m)) + ")" }

// Str is part of value.Object.
func (m markup) Str() string { return string(m) }

// Truth is part of value.Object.
func (m markup) Truth() bool { return m != "" }

// text returns the content of a str, which a markup is too.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case markup:
		return string(v), true
	}
	return "", false
}
