package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
)

// filterToJSON is Jinja's filter tojson, which sorts keys and escapes the special characters of HTML.
func filterToJSON(_ *python.Thread, a []any) (any, error) {
	style := python.JSONStyle{Sorted: true}
	if a[1] != nil {
		style.Pretty = true
		if s, ok := pytext.Of(a[1]); ok {
			style.Indent = s
		} else {
			n, err := number.IntArg(a[1])
			if err != nil {
				return nil, err
			}
			if n > python.MaxLen {
				return nil, python.Room(-1)
			}
			style.Indent = strings.Repeat(" ", max(n, 0))
		}
	}
	s, err := python.DumpJSON(a[0], style)
	if err != nil {
		return nil, err
	}
	return pytext.Markup(strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(s)), nil
}
