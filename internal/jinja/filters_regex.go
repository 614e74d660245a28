package jinja

import "anytap/internal/value"

// regexArgs checks the arguments that the regex filters share.
func regexArgs(pattern, v any) (*regex, string, error) {
	p, ok := text(pattern)
	if !ok {
		return nil, "", raiseType("first argument must be string or compiled pattern")
	}
	r, err := compileRegex(p)
	if err != nil {
		return nil, "", err
	}
	s, ok := text(v)
	if !ok {
		return nil, "", raiseType("expected string or bytes-like object, got '%s'", value.TypeName(v))
	}
	return r, s, nil
}

// regexSearch is the filter of this name: the first group of the first match.
func regexSearch(_ *thread, a []any) (any, error) {
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

// regexReplace is the filter of this name: Python's re.sub.
func regexReplace(st *thread, a []any) (any, error) {
	r, s, err := regexArgs(a[1], a[0])
	if err != nil {
		return nil, err
	}
	repl, ok := text(a[2])
	if !ok {
		return nil, raiseType("replacement must be str, not %s", value.TypeName(a[2]))
	}
	return r.Sub(repl, s, func(written int) error {
		if err := st.step(1); err != nil {
			return err
		}
		return room(written)
	})
}
