package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/format"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func filterWordWrap(th *python.Thread, a []any) (any, error) {
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "splitlines")
	}
	width, err := number.IntArg(a[1])
	if err != nil {
		return nil, err
	}
	if width <= 0 {
		return nil, exception.ValueErrorf("invalid width %d (must be > 0)", width)
	}
	sep := "\n"
	if a[3] != nil {
		if sep, err = pytext.Arg(a[3]); err != nil {
			return nil, err
		}
	}
	var lines []string
	if err := th.Step(pytext.CountLines(s) + 2*len(s)/width); err != nil {
		return nil, err
	}
	for _, line := range pytext.SplitLines(s, false) {
		lines = append(lines, strings.Join(pytext.Wrap(line, width, value.Truth(a[2]), value.Truth(a[4])), sep))
	}
	out := strings.Join(lines, sep)
	return out, python.Room(len(out))
}

func filterPprint(th *python.Thread, a []any) (any, error) { return format.Pretty(th, a[0]) }
