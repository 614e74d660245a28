package simpleeval

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/python/format"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// joined compiles an f-string.
func (c *compiler) joined(n *expression.Joined) code {
	parts := make([]code, len(n.Parts))
	for i, part := range n.Parts {
		if f, ok := part.(*expression.Formatted); ok {
			parts[i] = c.formatted(f)
		} else {
			parts[i] = c.node(part)
		}
	}
	return func(e *Evaluator) (any, error) {
		var b strings.Builder
		for i, part := range parts {
			v, err := part(e)
			if err != nil {
				return nil, err
			}
			s, err := python.Str(&e.Thread, v)
			if err != nil {
				return nil, at(n.Parts[i], err)
			}
			b.WriteString(s)
			if b.Len() > maxText && pytext.Len(b.String()) > maxText {
				return nil, at(n, exception.New(tooLong, "the text has more than %d characters", maxText))
			}
		}
		return b.String(), nil
	}
}

// formatted compiles a field of an f-string. A conversion such as !r has no effect.
func (c *compiler) formatted(n *expression.Formatted) code {
	x := c.node(n.X)
	if n.Spec == nil {
		return x
	}
	spec := c.joined(n.Spec)
	return func(e *Evaluator) (any, error) {
		s, err := spec(e)
		if err != nil {
			return nil, err
		}
		v, err := x(e)
		if err != nil {
			return nil, err
		}
		text, err := format.Braces(&e.Thread, "{:"+s.(string)+"}", []any{v}, value.NewDict(0))
		return text, at(n, err)
	}
}
