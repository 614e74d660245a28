package dpath

import (
	"anytap/internal/value"
)

// Get returns the only value at the path. It fails with ErrNotFound if there is none, with
// ErrAmbiguous if there are several. An empty path leads to v itself.
func (p *Path) Get(v any) (any, error) {
	if len(p.segments) == 0 {
		return v, nil
	}
	if err := p.usable(v); err != nil {
		return nil, err
	}
	if p.plain {
		found, ok := p.follow(v)
		if !ok {
			return nil, ErrNotFound
		}
		return found, nil
	}
	var all []any
	p.find(v, func(_ []step, found any) bool {
		all = append(all, found)
		return len(all) < 2
	})
	switch len(all) {
	case 0:
		return nil, ErrNotFound
	case 1:
		return all[0], nil
	}
	return nil, ErrAmbiguous
}

// Values returns all values at the path. The values of a container come before the values inside
// them.
func (p *Path) Values(v any) ([]any, error) {
	if err := p.usable(v); err != nil || len(p.segments) == 0 {
		return nil, err
	}
	if p.plain {
		if found, ok := p.follow(v); ok {
			return []any{found}, nil
		}
		return nil, nil
	}
	var all []any
	p.find(v, func(_ []step, found any) bool {
		all = append(all, found)
		return true
	})
	return all, nil
}

// usable fails for a path or value that makes Python fail in any case.
func (p *Path) usable(v any) error {
	if p.bad && !empty(v) {
		return ErrGlob
	}
	return nil
}

func empty(v any) bool {
	switch v := v.(type) {
	case *value.Dict:
		return v.Len() == 0
	case *value.List:
		return v.Len() == 0
	case value.Tuple:
		return len(v) == 0
	}
	return true
}

// follow follows a path without globs.
func (p *Path) follow(v any) (any, bool) {
	for i := range p.segments {
		s := &p.segments[i]
		ok := false
		switch c := v.(type) {
		case *value.Dict:
			if s.plain {
				v, ok = c.Get(s.key)
			}
		case *value.List:
			if n := c.Len(); s.isIndex && s.index < n && s.index >= -n {
				v, ok = c.At((s.index+n)%n), true
			}
		case value.Tuple:
			if n := len(c); s.isIndex && s.index < n && s.index >= -n {
				v, ok = c[(s.index+n)%n], true
			}
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// find calls f for each match, until it returns false.
func (p *Path) find(v any, f func([]step, any) bool) {
	if p.deep < 0 {
		w := &walker{path: p, f: f}
		w.level(v)
		return
	}
	walk(v, nil, func(at []step, found any) bool { return !p.match(at) || f(at, found) })
}

// walker finds the matches of a path without **, in the same order as walk.
type walker struct {
	path *Path
	at   []step
	f    func([]step, any) bool
}

func (w *walker) level(v any) bool {
	s := &w.path.segments[len(w.at)]
	last := len(w.at)+1 == len(w.path.segments)
	into := func(at step, child any) bool {
		w.at = append(w.at, at)
		goOn := true
		if last {
			goOn = w.f(w.at, child)
		} else {
			goOn = w.level(child)
		}
		w.at = w.at[:len(w.at)-1]
		return goOn
	}
	if d, ok := v.(*value.Dict); ok && s.plain {
		child, ok := d.Get(s.key)
		return !ok || into(step{key: s.key}, child)
	}
	return children(v, func(at step, child func() any) bool {
		return !s.match(at) || into(at, child())
	})
}

// children calls f for each child of a container.
func children(v any, f func(at step, child func() any) bool) bool {
	switch c := v.(type) {
	case *value.Dict:
		for key, child := range c.AllKeys() {
			if !f(step{key: key}, func() any { return child }) {
				return false
			}
		}
	case *value.List:
		for i, n := 0, c.Len(); i < n; i++ {
			if !f(step{index: i, n: n}, func() any { return c.At(i) }) {
				return false
			}
		}
	case value.Tuple:
		for i := range c {
			if !f(step{index: i, n: len(c)}, func() any { return c[i] }) {
				return false
			}
		}
	}
	return true
}

// walk calls f for every value in v. The children of a container come before the values inside
// them.
func walk(v any, at []step, f func([]step, any) bool) bool {
	if !children(v, func(s step, child func() any) bool { return f(append(at, s), child()) }) {
		return false
	}
	return children(v, func(s step, child func() any) bool {
		switch c := child().(type) {
		case *value.Dict, *value.List, value.Tuple:
			return walk(c, append(at, s), f)
		}
		return true
	})
}
