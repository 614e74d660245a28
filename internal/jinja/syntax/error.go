package syntax

import (
	"fmt"
	"strings"
)

// Error says why and where a template cannot be compiled.
type Error struct {
	Offset int // byte offset of the offending token inside the template
	Msg    string
	Class  string // exception of the reference runtime; empty: TemplateSyntaxError
}

// AssertionError is the exception for a template that is well-formed but invalid, for example
// because it uses an unknown filter.
const AssertionError = "TemplateAssertionError"

// Error returns the position and the message.
func (e *Error) Error() string {
	return fmt.Sprintf("template, offset %d: %s", e.Offset, e.Msg)
}

// In is a message about a template that shows it, as far as it is short.
func In(src, msg string) string {
	const most = 200
	if len(src) > most {
		src = strings.ToValidUTF8(src[:most], "") + "…"
	}
	return strings.TrimSuffix(msg, ".") + " in the template " + src
}
