package jinja

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pyre"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// regexArgs checks the arguments that both filters have.
func regexArgs(pattern, v any) (*pyre.Pattern, string, error) {
	p, ok := pytext.Of(pattern)
	if !ok {
		return nil, "", exception.TypeErrorf("first argument must be string or compiled pattern")
	}
	r, err := pyre.Compile(p)
	if err != nil {
		return nil, "", err
	}
	s, ok := pytext.Of(v)
	if !ok {
		return nil, "", exception.TypeErrorf("expected string or bytes-like object, got '%s'", value.TypeName(v))
	}
	return r, s, nil
}

// regexSearch is the filter regex_search: it gives the first group of the first match.
func regexSearch(_ *python.Thread, a []any) (any, error) {
	r, s, err := regexArgs(a[1], a[0])
	if err != nil {
		return nil, err
	}
	m, err := r.Search(s)
	if err != nil || m == nil || r.Groups() == 0 {
		return "", err
	}
	if g, ok := m.Group(1); ok {
		return g, nil
	}
	return nil, nil
}

// regexReplace is the filter regex_replace, Python's re.sub.
func regexReplace(th *python.Thread, a []any) (any, error) {
	r, s, err := regexArgs(a[1], a[0])
	if err != nil {
		return nil, err
	}
	repl, ok := pytext.Of(a[2])
	if !ok {
		return nil, exception.TypeErrorf("replacement must be str, not %s", value.TypeName(a[2]))
	}
	return r.Sub(repl, s, func(written int) error {
		if err := th.Step(1); err != nil {
			return err
		}
		return python.Room(written)
	})
}
