package restsource

import (
	"regexp"
	"sync"

	"anytap/internal/value"
)

// A text of a configuration stands for itself. A manifest would take it for a template, and the
// template's result for a Python literal, so that 1.10 became a number and [a] a list. A text in
// quotes is a literal that means itself.

// plain matches texts that are neither a template nor a literal.
var plain = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_/$][A-Za-z0-9_/$:.?&=@%+ -]*$`)
})

// exact returns a template whose result is s.
func exact(s string) string {
	switch {
	case s == "None", s == "True", s == "False":
	case plain().MatchString(s) || s == "":
		return s
	}
	return quoted(value.Repr(s))
}

// quoted returns a template whose result is the text of an expression.
func quoted(expression string) string { return "{{ " + inQuotes(expression) + " }}" }

// inQuotes returns an expression that gives the text of another one in quotes.
func inQuotes(expression string) string { return "'%r'|format(" + expression + ")" }

// option returns the RequestOption of a name.
func option(into, name string) *value.Dict {
	return value.DictOf("type", "RequestOption", "inject_into", into, "field_name", exact(name))
}
