package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
)

// escaped is markupsafe.escape(v).
func escaped(v any) (pytext.Markup, error) {
	if m, ok := v.(pytext.Markup); ok {
		return m, nil
	}
	s, err := python.Str(v)
	return pytext.Markup(pytext.EscapeHTML(s)), err
}

// joinMarkup joins the texts of values. If one of them is a Markup, it escapes the others.
func joinMarkup(vs []any) (any, error) {
	isSafe := false
	for _, v := range vs {
		if _, ok := v.(pytext.Markup); ok {
			isSafe = true
		}
	}
	var b strings.Builder
	for _, v := range vs {
		s, err := python.Str(v)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(pytext.Markup); !ok && isSafe {
			s = pytext.EscapeHTML(s)
		}
		b.WriteString(s)
		if err := python.Room(b.Len()); err != nil {
			return nil, err
		}
	}
	if isSafe {
		return pytext.Markup(b.String()), nil
	}
	return b.String(), nil
}

// softText is markupsafe.soft_str(v), which keeps a Markup.
func softText(v any) (s string, isSafe bool, err error) {
	if m, ok := v.(pytext.Markup); ok {
		return string(m), true, nil
	}
	s, err = python.Str(v)
	return s, false, err
}

// stripTags removes tags and comments, collapses white space and decodes entities.
func stripTags(s string) string {
	for {
		start := strings.Index(s, "<!--")
		if start < 0 {
			break
		}
		end := strings.Index(s[start:], "-->")
		if end < 0 {
			break
		}
		s = s[:start] + s[start+end+3:]
	}
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
	return unescapeHTML(strings.Join(strings.FieldsFunc(b.String(), pytext.IsSpace), " "))
}
