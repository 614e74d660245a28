package restsource

import (
	"regexp"
	"strings"
	"sync"

	"anytap/internal/value"
)

// Texts of a configuration are meant as they stand, but a manifest takes every text for a template and what the template gives
// for a Python literal: 1.10 would be a number, [a] a list. In quotes a text is a literal that means itself.

// plain are texts that are neither a template nor a literal.
var plain = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_/$][A-Za-z0-9_/$:.?&=@%+ -]*$`)
})

// exact makes a template that gives s as it is.
func exact(s string) string {
	switch {
	case s == "None", s == "True", s == "False":
	case plain().MatchString(s) || s == "":
		return s
	}
	return quoted(value.Repr(s))
}

// quoted makes a template that gives the text of an expression as it is.
func quoted(expression string) string { return "{{ '%r'|format(" + expression + ") }}" }

// lookUp is the template expression of a dotted path in the answer; undefined where a part is missing.
func lookUp(path string) string {
	expression := "response"
	for i, part := range strings.Split(path, ".") {
		if i > 0 {
			expression = "(" + expression + " or {})"
		}
		expression += "[" + value.Repr(part) + "]"
	}
	return expression
}

func option(into, name string) *value.Dict {
	return value.DictOf("type", "RequestOption", "inject_into", into, "field_name", exact(name))
}

// parts are the names of a dotted path. Numbers stay numbers: they may be indexes of lists.
func parts(path string) *value.List {
	l := value.NewList()
	for _, part := range strings.Split(path, ".") {
		if strings.Trim(part, "0123456789") != "" {
			part = exact(part)
		}
		l.Append(part)
	}
	return l
}

func dict(d *value.Dict, key string) *value.Dict {
	if d == nil {
		return nil
	}
	v, _ := d.Get(key)
	inner, _ := v.(*value.Dict)
	return inner
}

func list(d *value.Dict, key string) *value.List {
	v, _ := d.Get(key)
	l, _ := v.(*value.List)
	if l == nil {
		return value.NewList()
	}
	return l
}

func text(d *value.Dict, key string) string {
	if d == nil {
		return ""
	}
	v, _ := d.Get(key)
	s, _ := v.(string)
	return s
}
