package jinja

import "strings"

// filterToJSON is Jinja's tojson: sorted keys, and no character that HTML
// knows.
func filterToJSON(_ *thread, a []any) (any, error) {
	style := jsonStyle{sorted: true}
	if a[1] != nil {
		style.pretty = true
		if s, ok := text(a[1]); ok {
			style.indent = s
		} else {
			n, err := intArg(a[1])
			if err != nil {
				return nil, err
			}
			if n > maxLen {
				return nil, room(-1)
			}
			style.indent = strings.Repeat(" ", max(n, 0))
		}
	}
	s, err := jsonText(a[0], style)
	if err != nil {
		return nil, err
	}
	return markup(strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(s)), nil
}
