package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
)

// escaped is markupsafe.escape(v).
func escaped(th *python.Thread, v any) (pytext.Markup, error) {
	if m, ok := v.(pytext.Markup); ok {
		return m, nil
	}
	s, err := python.Str(th, v)
	return pytext.Markup(pytext.EscapeHTML(s)), err
}

// joinMarkup joins the texts of values. If one of them is a Markup, it escapes the others.
func joinMarkup(th *python.Thread, vs []any) (any, error) {
	isSafe := false
	for _, v := range vs {
		if _, ok := v.(pytext.Markup); ok {
			isSafe = true
		}
	}
	var b strings.Builder
	for _, v := range vs {
		s, err := python.Str(th, v)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(pytext.Markup); !ok && isSafe {
			s = pytext.EscapeHTML(s)
		}
		b.WriteString(s)
		if err := th.Grow(len(s), b.Len()); err != nil {
			return nil, err
		}
	}
	if isSafe {
		return pytext.Markup(b.String()), nil
	}
	return b.String(), nil
}

// softText is markupsafe.soft_str(v), which keeps a Markup.
func softText(th *python.Thread, v any) (s string, isSafe bool, err error) {
	if m, ok := v.(pytext.Markup); ok {
		return string(m), true, nil
	}
	s, err = python.Str(th, v)
	return s, false, err
}
