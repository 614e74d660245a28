package syntax

import "fmt"

// Error says that a template can not be compiled.
type Error struct {
	Offset int // byte offset of the offending token inside the template
	Msg    string
	Class  string // exception of the reference runtime; empty: TemplateSyntaxError
}

// AssertionError is the exception for what is well-formed but makes no sense, such as a filter that does not exist.
const AssertionError = "TemplateAssertionError"

// Error says where and what.
func (e *Error) Error() string {
	return fmt.Sprintf("template, offset %d: %s", e.Offset, e.Msg)
}
